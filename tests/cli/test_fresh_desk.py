"""What reads works on a database that no desk has served from yet; what cannot be read is a sentence."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from storage.db import schema


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("trends", "replay", "--since", "2026-01-01", "--json"), "[]"),
        (("export", "incidents"), "ref,"),
        (("export", "facts", "--format", "jsonl"), ""),
        (("iso", "registers"), "risk"),
        (("iso", "show", "8.6.3", "--json"), '"8.6.3"'),
        (("report", "figure", "backlog", "--from", "2026-01-01", "--to", "2026-02-01", "--json"), '"n": 0'),
        (("outbox", "--json"), '"waiting": []'),
    ],
)
def test_a_migrated_database_without_a_policy_answers(deskbell, sqlite_url, monkeypatch, arguments, said):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    code, out, err = deskbell(*arguments)
    assert code == 0, err
    assert said in out


def test_who_writes_first_puts_a_policy_in_force(deskbell, sqlite_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    assert deskbell("audit", "erase", "U012AB3CD", "--yes")[0] == 0
    assert json.loads(deskbell("audit", "verify", "--json")[1])["sound"]


@pytest.mark.parametrize("command", [("trends", "replay"), ("policy", "replay", "policy.toml")])
@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("9999-12-31T23:59-12:00", "lies outside of any calendar"),
        ("0001-01-01T00:00+12:00", "is long before any record"),
    ],
)
def test_an_instant_beyond_the_calendar_is_a_sentence(deskbell, policy_file, command, at, said):
    policy_file("")
    code, out, err = deskbell(*command, "--since", at)
    assert (code, out) == (1, "")
    assert said in err


def test_a_file_that_is_no_database_could_not_be_looked_at(deskbell, monkeypatch, tmp_path):
    (tmp_path / "junk.db").write_bytes(b"no database at all" * 300)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", "sqlite:///junk.db")
    code, out, err = deskbell("audit", "verify")
    assert (code, out) == (2, "")
    assert "cannot be read" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("iso", "pack", "/nowhere/pack.zip", "--period", "2026"), "/nowhere/pack.zip cannot be used: No such file"),
        (("audit", "export", "/nowhere/facts.jsonl"), "/nowhere/facts.jsonl cannot be used: No such file"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(deskbell, sqlite_url, monkeypatch, arguments, said):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    assert deskbell("token", "create", "--owner", "U012AB3CD", "--scope", "incidents:read")[0] == 0
    code, out, err = deskbell(*arguments)
    assert (code > 0, out) == (True, "")
    assert said in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_what_cannot_be_printed_is_a_sentence_and_a_closed_output_none():
    asked = "report periods --every month --from 2026-01-01 --to 2026-02-01 --json"
    for to, code, said in (
        (">/dev/full", 1, "What it prints cannot be written: No space left on device."),
        (">&-", 0, ""),
    ):
        run = ["/bin/sh", "-c", f"{sys.executable} -m bot {asked} {to}"]
        ended = subprocess.run(run, capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stderr.strip()) == (code, said)
