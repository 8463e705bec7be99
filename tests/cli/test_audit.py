"""`deskbell audit`: what it says, and how it ends."""

import asyncio
import json

import pytest
from journals import SIGNER, burglar, forge, written

from bot import cli
from bot.rules.journal import signing
from bot.rules.journal.checkpoints import found_in
from storage.db.database import Database


@pytest.fixture
def deskbell(monkeypatch, tmp_path, capsys, sqlite_url):
    """Runs a command over a sealed journal: its exit code, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    monkeypatch.delenv("DESKBELL_AUDIT_KEY", raising=False)
    monkeypatch.delenv("DESKBELL_AUDIT_FILE", raising=False)

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            cli.main(["audit", *map(str, arguments)])
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return run


@pytest.fixture
def point(sqlite_url):
    async def write():
        database = Database(sqlite_url)
        point = await written(database)
        await database.close()
        return point

    return asyncio.run(write())


def test_a_sound_journal_ends_with_0_and_says_what_was_not_looked_at(deskbell, point):
    code, out, _ = deskbell("verify")
    assert code == 0
    assert "5 facts verified" in out
    assert "Give one with --checkpoint" in out
    assert "Give the public key" in out
    code, out, _ = deskbell("verify", "--checkpoint", point.line, "--public-key", SIGNER.public.text)
    assert code == 0
    assert "1 checkpoint of what was given: fitting" in out
    assert "Give" not in out


def test_what_was_changed_ends_with_1_and_is_named(deskbell, point, sqlite_url):
    with burglar(sqlite_url) as run:
        run("UPDATE fact SET by = 'U9' WHERE seq = 2")
    code, out, _ = deskbell("verify")
    assert code == 1
    assert "NOT as it was written" in out
    assert "Fact 2 (incident_opened of INC-2) is not as it was sealed." in out
    code, out, _ = deskbell("verify", "--json")
    assert code == 1
    assert json.loads(out)["sound"] is False


def test_a_journal_that_was_recomputed_is_found_by_the_file_that_the_bot_keeps(
    deskbell, point, sqlite_url, tmp_path, monkeypatch
):
    (tmp_path / "kept.txt").write_text(f"{point.line}\n")
    monkeypatch.setenv("DESKBELL_AUDIT_FILE", "kept.txt")
    assert deskbell("verify")[0] == 0
    with burglar(sqlite_url) as run:
        run("UPDATE fact SET by = 'U9' WHERE seq = 2")
        forge(run, is_sqlite=True)
    code, out, _ = deskbell("verify")
    assert code == 1
    assert "(kept.txt) was made of" in out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["verify", "nowhere.jsonl"], "cannot be read"),
        (["verify", "--checkpoint", "nowhere.txt"], "cannot be read"),
        (["verify", "--checkpoint", "size=1 and nothing more"], "no checkpoint in"),
        (["verify", "--public-key", "nonsense"], "public key is"),
        (["key", "--public"], "DESKBELL_AUDIT_KEY is not set"),
    ],
)
def test_what_cannot_be_looked_at_ends_with_2(deskbell, point, arguments, why):
    code, out, err = deskbell(*arguments)
    assert (code, out) == (2, "")
    assert why in err


def test_a_database_that_is_not_there_is_not_made(deskbell, monkeypatch, tmp_path):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", "sqlite:///nowhere.db")
    code, _, err = deskbell("verify")
    assert code == 2
    assert "There is no database at nowhere.db" in err
    assert not (tmp_path / "nowhere.db").exists()


def test_a_read_only_copy_is_read(deskbell, point, monkeypatch, tmp_path, sqlite_url):
    copy = tmp_path / "copy.db"
    with burglar(sqlite_url) as run:
        run(f"VACUUM INTO '{copy}'")
    copy.chmod(0o444)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", f"sqlite:///{copy}")
    assert deskbell("verify", "--checkpoint", point.line)[0] == 0


def test_a_key_is_made_and_its_public_half_told(deskbell, monkeypatch):
    _, out, _ = deskbell("key")
    line, public = out.splitlines()
    seed = line.removeprefix("DESKBELL_AUDIT_KEY=")
    assert signing.signer(seed).public.text in public
    monkeypatch.setenv("DESKBELL_AUDIT_KEY", seed)
    _, again, _ = deskbell("key", "--public")
    assert again.strip() == public
    assert seed not in again


def test_an_export_is_written_and_checked(deskbell, point):
    code, out, _ = deskbell("export", "journal.jsonl", "--no-words")
    assert code == 0
    assert "5 facts without words" in out
    code, out, _ = deskbell("verify", "journal.jsonl", "--checkpoint", point.line)
    assert code == 0
    _, out, _ = deskbell("export", "-")
    assert list(found_in(out.splitlines()[1])) == [point]


@pytest.mark.parametrize("line", ["[" * 100_000, "1" * 6_000, '{"seq": 1, "seq": 1}', "null", '{"at": "9999-99-99"}'])
def test_a_line_that_no_json_reader_takes_is_no_reason_to_say_that_it_was_changed_or_not(
    deskbell, point, tmp_path, line
):
    """As the heading it cannot be looked at; as a fact it is one that was changed."""
    heading, fact = tmp_path / "heading.jsonl", tmp_path / "fact.jsonl"
    heading.write_text(line + "\n")
    assert deskbell("verify", str(heading), "--json")[0] == 2
    assert deskbell("export", str(fact))[0] == 0
    lines = fact.read_text().splitlines()
    fact.write_text("\n".join([*lines[:-1], line]) + "\n")
    code, out, _ = deskbell("verify", str(fact), "--json")
    assert code == 1
    assert not json.loads(out)["sound"]
