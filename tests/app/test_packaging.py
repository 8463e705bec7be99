"""The wheel: what a `pip install .` carries, and that it works with the clone out of sight."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command, cwd, path=None):
    environ = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built offline by the back end that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check", "-w", str(folder))
    done = run(sys.executable, "-m", "pip", "wheel", *options, str(ROOT), cwd=folder)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Installed into a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    options = ("--no-deps", "--no-index", "--disable-pip-version-check", "--target", str(folder))
    done = run(sys.executable, "-m", "pip", "install", *options, str(wheel), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def kept(room, *kinds):
    """What the repository has of a kind in a room, as paths in the wheel."""
    return {str(path.relative_to(ROOT)) for kind in kinds for path in (ROOT / room).rglob(f"*{kind}")}


def test_the_wheel_carries_all_that_is_no_python(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert {"bot/manifest.yml", "bot/rules/policy/default.toml"} <= inside
    assert kept("storage/migrations", ".py", ".mako") <= inside
    data = kept("bot/sandbox", ".html", ".css", ".js", ".svg", ".json")
    assert {Path(name).suffix for name in data} >= {".html", ".css", ".js"}
    assert data <= inside


def test_the_wheel_carries_the_rooms_and_nothing_else(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"bot", "handlers", "storage"}


def test_what_is_installed_works_without_the_clone(installed, tmp_path):
    (tmp_path / "policy.toml").write_text("warn_at = 0")
    where = run(sys.executable, "-c", "import bot; print(bot.__file__)", cwd=tmp_path, path=installed)
    assert where.stdout.startswith(str(installed))
    done = run(sys.executable, "-m", "bot", "policy", "check", "policy.toml", cwd=tmp_path, path=installed)
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "line 1, warn_at: must be 1 or more")


def test_its_migrations_and_manifest_are_found(installed, tmp_path):
    done = run(sys.executable, "-m", "bot", "migrate", cwd=tmp_path, path=installed)
    assert "went from nothing to" in done.stdout, done.stderr
    code = "from bot import manifest; print('chat:write' in manifest.bot_scopes(), manifest.__file__)"
    found, file = run(sys.executable, "-c", code, cwd=tmp_path, path=installed).stdout.split()
    assert found == "True"
    assert file.startswith(str(installed))
