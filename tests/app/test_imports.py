"""Who may import whom: import-linter keeps the contracts of pyproject.toml, and goes red when a line is crossed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "storage")


def lint(folder):
    """In a process of its own: import-linter reads the source of the packages it finds first."""
    code = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    command = [sys.executable, "-c", code, "--no-cache", "--config", "pyproject.toml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The house's Python files, to cross lines in."""
    folder = tmp_path_factory.mktemp("rooms")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__", "*.js", "*.css", "*.svg")
        )
    return folder


def test_every_room_keeps_to_its_side():
    code, told = lint(ROOT)
    assert code == 0, told
    assert "0 broken" in told


@pytest.mark.parametrize(
    ("file", "crossing", "contract"),
    [
        ("bot/rules/sla/clocks.py", "import storage.incident.incidents", "The layers, downward only"),
        ("bot/rules/sla/clocks.py", "import asyncio", "Rules are pure"),
        ("storage/incident/incidents.py", "import slack_sdk", "Use cases and storage know no Slack"),
        ("handlers/home.py", "import bot.settings", "Only cli and app read the settings"),
        ("bot/sandbox/clock.py", "import bot.rules.record.refs", "The sandbox knows nothing of the house"),
        ("bot/app.py", "import bot.sandbox", "opens a sandbox"),
    ],
)
def test_a_line_crossed_goes_red(copy, file, crossing, contract):
    path = copy / file
    sound = path.read_text()
    path.write_text(f"{sound}\n{crossing}\n")
    try:
        code, told = lint(copy)
    finally:
        path.write_text(sound)
    assert code == 1
    (broken,) = [line for line in told.splitlines() if line.endswith("BROKEN") and contract in line]
    assert broken
