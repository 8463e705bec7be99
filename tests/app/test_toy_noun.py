"""“Add a command” and “Add a record type” of docs/architecture.md, done in a copy of the house: no more is needed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "toy"
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
COPIED = ("bot", "handlers", "storage", "tests", "pyproject.toml", "manifest.yml")
HELD = (
    "tests/toy/story.py",
    "tests/handlers/test_wiring.py",
    "tests/storage/journal/test_transitions.py::test_every_table_with_a_state_is_held_to_it",
    "tests/stories/record/test_reactions.py::test_every_noun_declares_what_it_has",
)
"""The story of the toy, and what asks of every noun whether it is whole."""


def chapter(title: str) -> str:
    return DOCUMENT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def shared(title: str) -> dict[str, list[str]]:
    """The lines of a chapter's diff, by file."""
    found: dict[str, list[str]] = {}
    for line in chapter(title).split("```diff\n")[1].split("```")[0].splitlines():
        if line.startswith("# "):
            found[line[2:]] = lines = []
        else:
            lines.append(line)
    return found


def edited(text: str, diff: list[str]) -> str:
    """“ x” finds the next line with x in it, “-x” and “+y” put y in its place, “+y” alone is a line behind it."""
    lines, at, before = text.splitlines(), -1, ""
    for one in diff:
        kind, words = one[:1], one[1:]
        if kind == "+" and before:
            lines[at], before = lines[at].replace(before, words), ""
        elif kind == "+":
            at += 1
            lines.insert(at, words)
        else:
            sought = words.strip()
            at = next((n for n, line in enumerate(lines) if n > at and sought in line), -1)
            assert at >= 0, f"the document names a line that is not there: {sought}"
            before = sought if kind == "-" else ""
    return "\n".join(lines) + "\n"


def own() -> list[Path]:
    return sorted(path for path in TOY.rglob("*.py") if path.parent != TOY)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy with the toy in it."""
    folder = tmp_path_factory.mktemp("house")
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for path in own():
        target = folder / path.relative_to(TOY)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)
    for title in ("Add a command", "Add a record type"):
        for name, diff in shared(title).items():
            target = folder / name
            target.write_text(edited(target.read_text(encoding="utf-8"), diff), encoding="utf-8")
    _migrates_last(folder / "storage" / "migrations" / "versions")
    yield folder
    shutil.rmtree(folder)


def _migrates_last(versions: Path) -> None:
    """The toy's migration comes behind whatever the house has by now, so that a release leaves the example alone."""
    (toy,) = versions.glob("*_loans.py")
    head = max(one.name.partition("_")[0] for one in versions.glob("[0-9]*.py") if one != toy)
    text = toy.read_text(encoding="utf-8")
    toy.unlink()
    text = re.sub(r'(?m)^revision = ".*"', 'revision = "9000"', text)
    text = re.sub(r'(?m)^down_revision = ".*"', f'down_revision = "{head}"', text)
    (versions / "9000_loans.py").write_text(text, encoding="utf-8")


def run(house: Path, *command: str) -> tuple[int, str]:
    environ = os.environ | {"PYTHONPATH": str(house)}
    done = subprocess.run(
        [sys.executable, *command], cwd=house, env=environ, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_toy_works_and_is_whole(house: Path) -> None:
    code, told = run(house, "-c", "import bot.rules.loan.flow, handlers; print(handlers.__file__)")
    assert code == 0, told
    assert told.startswith(str(house)), "the copy is not what runs"
    code, told = run(house, "-m", "pytest", "-p", "no:cacheprovider", *HELD)
    assert code == 0, told


def test_the_toy_keeps_to_the_levels_and_to_the_style(house: Path) -> None:
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    code, told = run(house, "-c", lint, "--no-cache", "--config", "pyproject.toml")
    assert code == 0, told
    code, told = run(house, "-m", "ruff", "check", "--no-cache", "bot", "handlers", "storage")
    assert code == 0, told


def counted(title: str) -> tuple[int, int]:
    """The lines and the files that a chapter shares with others."""
    files = shared(title)
    return sum(line.startswith("+") for lines in files.values() for line in lines), len(files)


def test_the_document_counts_rightly() -> None:
    lines, files = counted("Add a command")
    assert f"{lines} lines in {files} files" in " ".join(chapter("Add a command").split())
    lines, files = counted("Add a record type")
    told = [path for path in own() if path.name != "__init__.py"]
    said = f"{len(told)} files of its own, and {lines} shared lines in {files} files"
    assert said in " ".join(chapter("Add a record type").split())


def test_the_document_names_every_file_of_the_toy_with_its_lines() -> None:
    named = dict(re.findall(r"^\| `([^`]+\.py)` \|.*\| (\d+) \|$", chapter("Add a record type"), re.MULTILINE))
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in own() if path.name != "__init__.py"}
    assert named == {path.relative_to(TOY).as_posix(): str(count) for path, count in lines.items()}
