"""Every number that is shown counts what its reader may see, and nothing else.

What a person is shown of a desk is the same, to the letter, as of a desk on which what is hidden from them never was.
"""

import copy
import random
from datetime import timedelta

import pytest
from cast import Desk
from sqlmodel import col, delete, select

from bot.usecases import home
from bot.usecases.configuration_item import catalogue
from bot.usecases.incident import lists
from bot.usecases.incident.visibility import viewer_of
from bot.usecases.records.declared import Asked
from bot.usecases.sla import board
from handlers import home_view, nouns
from handlers.configuration_item.views import services as service_views
from handlers.sla.views import board as board_views
from storage import record_people
from storage.db.snapshot import stirred
from storage.incident import incidents
from storage.record_people import Part
from storage.tables import Clock, Incident, Timer

MANY = 60
FILTERS = ("", "mine", "assigned", "unassigned", "closed", "all vpn", "P1 P2", "due<8h", '"slow"')


async def everything(desk: Desk, tx, person: str) -> dict[str, object]:
    """All texts with numbers in them that a person can ask for."""
    now = desk.clock.now()
    shown: dict[str, object] = {"/sla": board_views.board(await board.board(tx, person, now)).blocks}
    for key in ("vpn", "email"):
        seen = await board.board(tx, person, now, service=key)
        shown[f"/sla service {key}"] = board_views.service_board(seen, key).blocks
        shown[f"/service {key}"] = service_views.card(await catalogue.of(tx, key, person, now), seen.policy).blocks
    for typed in FILTERS:
        page = await lists.page_of(tx, Asked(typed, 0, 10, person, now))
        shown[f"/incident list {typed}"] = (page.total, [one.number for one in page.shown])
    shown["App Home"] = repr(home_view.home(await home.of(tx, person, now), nouns.waiting_rows(), nouns.lines()))
    shown["similar"] = [one.number for one in await incidents.open_on(tx, "vpn", await viewer_of(tx, person))]
    return copy.deepcopy(shown)


async def fill(tx, desk: Desk, chance: random.Random, people: list[str]) -> None:
    """Copies of a real incident with its clocks, each with its own secrets."""
    model = (await tx.exec(select(Incident).where(Incident.number == 1))).one()
    running = list(await tx.exec(select(Clock).where(Clock.subject == "INC-1")))
    for number in range(2, MANY + 2):
        about = f"INC-{number}"
        given = {
            "number": number,
            "private": chance.random() < 0.5,
            "reporter": chance.choice(people),
            "assignee": chance.choice([None, *people]),
            "assigned_group": chance.choice([None, None, "service-desk", "cab"]),
            "service": chance.choice(["vpn", "email"]),
            "priority": chance.choice(["P1", "P2", "P4"]),
            "state": chance.choice(["new", "acknowledged", "closed"]),
        }
        tx.add(Incident(**model.model_dump() | given))
        if chance.random() < 0.3:
            await record_people.add(tx, about, chance.choice(people), chance.choice(list(Part)), desk.clock.now())
        for clock in running:
            late, over = chance.random() < 0.4, given["state"] == "closed"
            due = clock.due_at - timedelta(hours=10) if late else clock.due_at
            told = {
                "id": None,
                "subject": about,
                "service": given["service"],
                "owner": chance.choice(["desk", "desk", "group:cab"]),
                "due_at": due,
                "breached_at": due if late else None,
                "state": "breached" if late else "met" if over else "running",
                "ended_at": desk.clock.now() if over else None,
            }
            tx.add(Clock(**clock.model_dump() | told))
    await tx.flush()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
async def test_a_desk_shows_nothing_of_what_is_hidden_not_even_in_its_numbers(desk: Desk, seed: int) -> None:
    await desk.reports("VPN is slow")
    cast = [desk.requester.id, desk.agent.id, desk.engineer.id, desk.outsider.id, desk.manager.id]
    told_apart = 0
    for person in cast:
        try:
            async with desk.bot.database.begin() as tx:
                await fill(tx, desk, random.Random(seed), cast)
                whole = await everything(desk, tx, person)
                hidden = (await viewer_of(tx, person)).hidden
                if hidden is not None:
                    secrets = list(await tx.exec(hidden))
                    told_apart += len(secrets)
                    numbers = [int(one.partition("-")[2]) for one in secrets]
                    await tx.exec(delete(Timer).where(col(Timer.subject).in_(secrets)))
                    await tx.exec(delete(Clock).where(col(Clock.subject).in_(secrets)))
                    await tx.exec(delete(Incident).where(col(Incident.number).in_(numbers)))
                    tx.expire_all()
                    stirred(tx)
                    for number in numbers:
                        assert await incidents.seen_by(tx, number, await viewer_of(tx, person)) is None
                bare = await everything(desk, tx, person)
                for screen, shown in whole.items():
                    assert shown == bare[screen], (screen, person)
                raise Undone
        except Undone:
            pass
    assert told_apart > MANY, "most of them are hidden from most of the cast"


class Undone(Exception):
    """Nothing of it is kept."""
