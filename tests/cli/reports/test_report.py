"""`deskbell report`: figures at the terminal, from the tables and from the journal."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.rules.record.refs import Noun, Ref
from bot.rules.report.figures import Figure
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Every
from bot.usecases import policy as desk_policy
from bot.usecases.incident import steps
from bot.usecases.incident.incidents import Report, log
from bot.usecases.report import reports
from bot.usecases.report.reports import Asked
from storage.db import schema
from storage.db.database import Database
from storage.journal import journal
from storage.report import samples
from storage.tables import Person
from storage.workspace import people

OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)
MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")


async def lived(url: str) -> None:
    """Two incidents of the VPN, taken up after ten minutes and after twenty, and one of mail that nobody took up."""
    database = Database(url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by="U1", now=OPENED)
        for one in ("U1", "U2"):
            await people.upsert(tx, Person(id=one, name=one, seen_at=OPENED))
        await people.set_members(tx, "service-desk", ["U2"])
        for service in ("vpn", "vpn", "email"):
            await log(tx, Report("Down", "", service, Impact.HIGH, Urgency.HIGH), by="U1", now=OPENED)
        for number in (1, 2):
            now = OPENED + timedelta(minutes=10 * number)
            await steps.acknowledge(tx, Ref(Noun.INCIDENT, number), by="U2", now=now)
    async with database.begin() as tx:
        await journal.seal(tx)
    await database.close()


def test_a_figure_says_n_what_is_left_out_and_which_records(deskbell, database_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", database_url)
    schema.migrate(database_url)
    asyncio.run(lived(database_url))
    code, out, _ = deskbell("report", "figure", "time-to-acknowledge", *MARCH, "--by", "service")
    assert code == 0
    assert "median 15 min, mean 15 min, 90th percentile 20 min (n = 2). Left out: 1 not yet acknowledged." in out
    assert "email: Time to acknowledge: nothing counts" in out
    assert "Counted: INC-1, INC-2" in out
    assert "Left out, not yet acknowledged: INC-3. Nobody has taken it up" in out
    told = [
        json.loads(deskbell("report", "figure", "response-kept", *MARCH, "--by", "service", "--json", *how)[1])
        for how in ((), ("--journal",))
    ]
    for one in told:
        del one["as_of"]
    assert told[0] == told[1]
    assert (told[0]["value"], told[0]["numerator"], told[0]["n"]) == (0.5, 1, 2)
    assert (told[0]["from"], told[0]["to"]) == ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")
    assert told[0]["by"]["service"]["vpn"]["counted"] == [
        {"ref": "INC-1", "value": 1.0},
        {"ref": "INC-2", "value": 0.0},
    ]
    zone = json.loads(deskbell("report", "figure", "backlog", *MARCH, "--zone", "Asia/Shanghai", "--json")[1])
    assert (zone["from"], zone["n"], sum(zone["ages"].values())) == ("2026-02-28T16:00:00Z", 3, 3)
    none = json.loads(deskbell("report", "figure", "satisfaction", *MARCH, "--json")[1])
    assert (none["value"], none["n"]) == (None, 0)


def test_every_figure_is_defined(deskbell):
    code, out, _ = deskbell("report", "list")
    assert code == 0
    for name in MEASURES:
        assert name in out
        code, defined, _ = deskbell("report", "define", name)
        assert code == 0
        assert "Population: " in defined
        assert "Owner: " in defined
    assert set(json.loads(deskbell("report", "list", "--json")[1])) == set(MEASURES)


def test_bad_input_is_answered_by_a_sentence(deskbell, sqlite_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    for arguments, said in (
        (("figure", "time-to-restor", *MARCH), "Did you mean “time-to-restore”?"),
        (("define", "nothing"), "There is no figure “nothing”."),
        (("figure", "backlog", "--from", "2026-02-30", "--to", "2026-04-01"), "--from “2026-02-30” is not a date"),
        (("figure", "backlog", "--from", "2026-04-01", "--to", "2026-04-01"), "--to is not after --from"),
        (("figure", "backlog", *MARCH, "--zone", "Mars/Olympus"), "“Mars/Olympus” is not a time zone"),
        (("figure", "backlog", *MARCH, "--by", "type"), "is not divided by “type”. It is by service or priority."),
    ):
        code, out, err = deskbell("report", *arguments)
        assert (code, out) == (1, ""), arguments
        assert said in err, err
    monkeypatch.setenv("DESKBELL_DATABASE_URL", "sqlite:///nowhere.db")
    code, _, err = deskbell("report", "figure", "backlog", *MARCH)
    assert code == 1
    assert "There is no database yet" in err


def test_samples_are_made_checked_against_the_records_and_give_the_same_figures(deskbell, database_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", database_url)
    schema.migrate(database_url)
    asyncio.run(lived(database_url))
    without = asyncio.run(acknowledged(database_url))
    assert without.n == 2
    assert "There are no samples" in deskbell("report", "samples")[1]
    assert deskbell("report", "samples", "--check", "--rebuild")[0] == 2
    code, out, _ = deskbell("report", "samples", "--rebuild", "--json")
    made = json.loads(out)
    assert (code, made["days"], made["moved"]) == (0, 1, 0)
    assert "All are what the records say." in deskbell("report", "samples", "--check")[1]
    assert asyncio.run(acknowledged(database_url)) == without
    asyncio.run(bent(database_url))
    assert asyncio.run(acknowledged(database_url)).n == 1, "samples are what is read"
    code, out, _ = deskbell("report", "samples", "--check")
    assert (code, "Not what the records say: 2026-03-02" in out) == (1, True)
    assert deskbell("report", "samples", "--rebuild")[0] == deskbell("report", "samples", "--check")[0] == 0


async def acknowledged(url: str) -> Figure:
    """What `/report` says of how soon incidents were taken up in March."""
    database = Database(url)
    async with database.read() as tx:
        found = await reports.counted(tx, Asked(Every.MONTH), "U2", OPENED + timedelta(days=40))
    await database.close()
    return found.lately["time-to-acknowledge"]


async def bent(url: str) -> None:
    """A sample says something else than the records."""
    database = Database(url)
    async with database.begin() as tx:
        day = OPENED.date()
        kept = (await samples.days(tx, [day]))[day]
        await samples.keep(tx, {day: kept.without({Noun.INCIDENT: [1]})})
    await database.close()
