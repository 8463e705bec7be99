"""Files that hold junk, for every command that reads one: the file, the place and what is wrong, and no traceback."""

import re

import pytest
from junk import JUNK, ROW, csv

from bot.rules.configuration_item.readers.files import Format
from bot.rules.imports.ticket import Source

WAYS = {
    **{f"import {one}": ("import", str(one), "FILE", "--plan", "--zone", "UTC") for one in Source},
    "import --as change": ("import", "jira", "FILE", "--plan", "--as", "change"),
    "import csv --map": ("import", "csv", "FILE", "--plan", "--map", "own.toml"),
    "a mapping": ("import", "csv", "rows.csv", "--plan", "--map", "FILE"),
    "policy check": ("policy", "check", "FILE"),
    "policy apply": ("policy", "apply", "FILE"),
    **{f"ci import {one}": ("ci", "import", "FILE", "--source=cmdb", "--plan", f"--format={one}") for one in Format},
}  # fmt: skip
OWN = """
name = "own"
[columns]
id = "number"
summary = "short_description"
state = "state"
opened = "opened_at"
"""
POLICY = """
[ci_types.server]
title = "Server"
key = ["serial"]
attributes = { serial = "text" }
[ci_sources.cmdb]
type = "server"
columns = { name = "Name", serial = "Serial" }
"""
SEEN_BY_NOBODY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PLACE = re.compile(r"FILE|The file|[Ll]ine \d|source|needs a mapping")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing of it is asked of a database."""
    return sqlite_url


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_file_of_junk_is_told_in_words_with_what_and_where(importing, deskbell, tmp_path, policy_file, way):
    (tmp_path / "rows.csv").write_bytes(csv(ROW))
    (tmp_path / "own.toml").write_text(OWN)
    policy_file(POLICY)
    bad = []
    for name, content in JUNK.items():
        (tmp_path / "FILE").write_bytes(content)
        code, out, err = deskbell(*WAYS[way])
        said = out + err
        sound = said.strip() and not SEEN_BY_NOBODY.search(said) and code in (0, 1) and len(said) < 6000
        if not sound or (code and not PLACE.search(said)):
            bad.append((name, code, said[:300]))
    assert bad == []
