"""Container, compose file and systemd unit: what can be held to without a daemon to run them."""

import fnmatch
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from bot import settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
UNIT = ROOT / "deploy" / "deskbell.service"
OURS = {name for name in settings._FOUND if name.startswith("DESKBELL_")}


def instructions(word):
    whole = DOCKERFILE.replace("\\\n", " ")
    return [line.split(maxsplit=1)[1] for line in whole.splitlines() if line.startswith(f"{word} ")]


def copied():
    return [path for line in instructions("COPY") for path in line.split()[:-1]]


def test_what_the_image_is_built_of_is_there_and_nothing_of_it_is_ignored():
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    for path in copied():
        assert (ROOT / path).exists(), path
        assert f"!{path}" in rules, path
    assert not any(fnmatch.fnmatch(secret, rule[1:]) for secret in (".env", "x.db") for rule in rules if rule[0] == "!")


def test_the_wheel_finds_all_it_is_made_of():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    named = [project["project"]["readme"], *project["project"]["license-files"]]
    assert {"pyproject.toml", *wheel["packages"], *wheel["force-include"], *named} <= set(copied())


def test_the_process_is_nobody_special_and_its_health_needs_no_other_program():
    assert instructions("USER") == ["10001"]
    (check,) = instructions("HEALTHCHECK")
    program, flag, code = json.loads(check.partition("CMD")[2])
    assert (program, flag) == ("python", "-c")
    compile(code, "healthcheck", "exec")


@pytest.mark.parametrize("name", sorted(re.findall(r"DESKBELL_\w+", DOCKERFILE + (ROOT / "compose.yaml").read_text())))
def test_every_variable_that_is_set_is_read(name):
    assert name in OURS


def test_two_bots_begin_once_the_schema_is_right():
    bot, migrate = COMPOSE["services"]["bot"], COMPOSE["services"]["migrate"]
    assert bot["deploy"]["replicas"] == 2
    assert bot["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert migrate["depends_on"]["database"]["condition"] == "service_healthy"


def test_the_bots_run_as_a_role_that_cannot_change_the_journal():
    bot, migrate = COMPOSE["services"]["bot"]["environment"], COMPOSE["services"]["migrate"]
    assert migrate["command"] == ["migrate", "--roles"]
    assert migrate["environment"]["DESKBELL_DATABASE_URL"].startswith("postgresql://deskbell:${POSTGRES_PASSWORD}@")
    assert bot["DESKBELL_DATABASE_URL"].startswith("postgresql://deskbell_bot:${DESKBELL_BOT_PASSWORD}@")
    assert bot["POSTGRES_PASSWORD"] == ""


def test_no_secret_stands_in_the_compose_file():
    assert COMPOSE["services"]["bot"]["env_file"] == ".env"
    text = (ROOT / "compose.yaml").read_text()
    given = set(re.findall(r"PASSWORD: (\S+)", text))
    assert given == {"${POSTGRES_PASSWORD:?put", "${DESKBELL_BOT_PASSWORD:?put", '""'}
    assert not re.search(r"xox|xapp-", text)


def test_systemd_understands_the_unit(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    here = UNIT.read_text().replace("/opt/deskbell/bin/deskbell", sys.executable)
    copy = tmp_path / UNIT.name
    copy.write_text(here)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "deskbell" in line]
    assert (done.returncode, ours) == (0, []), done.stderr
