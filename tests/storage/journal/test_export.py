"""An export says what the database said, and no byte of it can be changed unnoticed."""

import io
import json

import pytest
from journals import ERASURE, FACTS, SIGNER, burglar, source, told, written

from storage.journal import export, journal
from storage.journal.readers import Unreadable
from storage.journal.verification_report import KeptCheckpoint


def exported(url, *, words=True):
    out = io.StringIO()
    export.write(source(url), out, words=words)
    return out.getvalue().encode()


@pytest.fixture
async def desk(database, database_url):
    point = await written(database)
    async with database.begin() as tx:
        await journal.erase(tx, [1], ERASURE)
        await journal.seal(tx)
    await database.close()
    return database_url, point


@pytest.fixture
def verified(tmp_path):
    def verify(content, *remembered):
        file = tmp_path / "journal.jsonl"
        file.write_bytes(content)
        return export.verify(file, [KeptCheckpoint("what was remembered", one) for one in remembered], [SIGNER.public])

    return verify


@pytest.mark.parametrize("words", [True, False])
async def test_an_export_verifies_without_the_database(desk, verified, words):
    url, point = desk
    content = exported(url, words=words)
    report = verified(content, point)
    assert report.faults == []
    assert (report.facts, report.newest) == (FACTS + 1, point)
    assert report.fitting == {"the export": 1, "what was remembered": 1}
    assert (b"VPN" in content) is words


async def test_an_export_can_be_queried_as_json(desk):
    facts = [json.loads(line) for line in exported(desk[0]).splitlines()[2:]]
    assert [fact["seq"] for fact in facts] == list(range(1, FACTS + 2))
    assert facts[2]["data"] == {"n": 3, "états": ["a", "b"]}
    assert facts[2]["words"] == {"summary": "VPN «3» is down"}
    assert facts[0]["words"] is None, "erased"
    assert facts[0]["at"] == "2026-03-02T12:00:00.000000Z"


def is_found(verified, content):
    try:
        return bool(verified(content).faults)
    except Unreadable:
        return True


@pytest.mark.slow
async def test_every_flipped_byte_is_found(desk, verified):
    content = exported(desk[0])
    missed = [
        place
        for place in range(len(content))
        if not is_found(verified, content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
    ]
    assert missed == []


async def test_every_line_that_was_taken_out_doubled_or_moved_is_found(desk, verified):
    _, point = desk
    lines = exported(desk[0]).splitlines(keepends=True)
    for place in range(2, len(lines)):
        assert is_found(verified, b"".join(lines[:place] + lines[place + 1 :])), place
        assert is_found(verified, b"".join(lines[: place + 1] + lines[place:])), place
        for other in range(2, place):
            moved = list(lines)
            moved[place], moved[other] = moved[other], moved[place]
            assert is_found(verified, b"".join(moved)), (place, other)
    cut = b"".join(lines[:-4]).replace(b'"facts":6', b'"facts":2')
    assert told(verified(cut).faults, "counted 5: the last 3 were cut off")
    without = cut.replace(lines[1], b"")
    assert not told(verified(without).faults, "cut off"), "nothing in the file tells of them any more"
    assert told(verified(without, point).faults, "the last 3 were cut off")


@pytest.mark.parametrize("content", [b"", b"hello\n", b"{}\n", b'{"deskbell_journal":2,"facts":0,"words":true}\n'])
def test_what_is_no_export_is_not_taken_for_one(verified, content):
    with pytest.raises(Unreadable, match="does not begin as an export"):
        verified(content)


async def test_what_was_changed_in_the_database_is_found_in_its_export(desk, verified):
    url, _ = desk
    with burglar(url) as run:
        run("UPDATE fact SET data = ? WHERE seq = 4", ('{ "n": 4 }',))
    assert told(verified(exported(url)).faults, "Fact 4 .* is not as it was sealed")
