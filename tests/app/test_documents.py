"""Every file that a document, a comment or a docstring names is there."""

import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOY = "tests/toy/"
DOCUMENTS = ("*.md", "docs/*.md", "Makefile", "pyproject.toml", "manifest.yml", ".env.example", ".ci/run", "Dockerfile",
             "compose.yaml", "deploy/*")  # fmt: skip
SOURCES = ("bot/**/*.py", "handlers/**/*.py", "storage/**/*.py", "storage/**/*.mako", "tests/**/*.py")
PATH = re.compile(r"(?<![\w/.<>*-])(?:bot|handlers|storage|tests|docs|deploy)/[\w./<>*-]*[\w/*>]")
NAMED = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|md|toml|yml|yaml|json))`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
ELSEWHERE = {"bot/manifest.yml"}
"""In the wheel alone."""
LONGEST_FOLDER = 20
WRITTEN = (".py", ".md", ".toml", ".json", ".csv", ".yml")
OTHERS = {"policy.toml", "services.toml", "approvals.toml"}
"""An administrator's own files."""


def _files(*patterns: str) -> list[str]:
    return sorted({path.relative_to(ROOT).as_posix() for one in patterns for path in ROOT.glob(one) if path.is_file()})


@cache
def kept() -> frozenset[str]:
    """Every file of the repository, as it stands and as the toy has it."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    files = [one for one in listed if (ROOT / one).exists()]
    return frozenset(files) | {one.removeprefix(TOY) for one in files}


def is_there(named: str) -> bool:
    pattern = re.sub(r"<\w+>", "*", named.rstrip("/"))
    whole = re.compile(re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*") + "(/.*)?")
    return any(whole.fullmatch(one) for one in kept())


def missing(text: str) -> set[str]:
    paths = {one for one in set(PATH.findall(text)) - ELSEWHERE if not is_there(one)}
    named = set(NAMED.findall(text)) - OTHERS
    ends = {one for one in named if not any(f"/{path}".endswith(f"/{one}") for path in kept())}
    return paths | ends


@pytest.mark.parametrize("document", _files(*DOCUMENTS))
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    assert missing((ROOT / document).read_text(encoding="utf-8")) == set()


def test_every_file_that_a_comment_or_a_docstring_names_is_there() -> None:
    found = {one: missing((ROOT / one).read_text(encoding="utf-8")) for one in _files(*SOURCES)}
    found.pop("tests/app/test_documents.py")
    assert len(found) > 500
    assert {one: names for one, names in found.items() if names} == {}


@pytest.mark.parametrize("document", _files("*.md", "docs/*.md"))
def test_its_links_lead_somewhere(document: str) -> None:
    links = set(LINK.findall((ROOT / document).read_text(encoding="utf-8")))
    assert {one for one in links if not ((ROOT / document).parent / one).exists()} == set()


def test_a_path_that_is_gone_is_found() -> None:
    assert missing("see `bot/desk/records/`, `handlers/incident_deeds.py` and `deeds.py`") == {
        "bot/desk/records/", "handlers/incident_deeds.py", "deeds.py"
    }  # fmt: skip
    assert missing("`bot/rules/*/refusals.py`, handlers/<noun>/views, tests/rules/, `declared.py`") == set()
    assert missing("bot/rules/*/acts.py") == {"bot/rules/*/acts.py"}


def test_a_folder_of_code_is_a_page_that_one_can_read() -> None:
    """Migrations are a row in the order of their numbers: they alone may be more."""
    folders = Counter(
        Path(one).parent.as_posix()
        for one in kept()
        if one.endswith((".py", ".js")) and not one.endswith("__init__.py") and "migrations/versions" not in one
    )
    assert {folder: number for folder, number in folders.items() if number > LONGEST_FOLDER} == {}


def test_people_in_examples_are_roles() -> None:
    stock = re.compile(r"\b(jane|joe|alice|bob|carol|doe|roe|smith|mustermann)\b", re.IGNORECASE)
    texts = {
        one: (ROOT / one).read_text(encoding="utf-8")
        for one in kept()
        if one.endswith(WRITTEN) and (ROOT / one).is_file()
    }
    texts.pop("tests/app/test_documents.py")
    assert len(texts) > 1500
    assert {one: found[0] for one, text in texts.items() if (found := stock.search(text))} == {}
