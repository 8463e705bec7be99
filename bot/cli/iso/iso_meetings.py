"""`deskbell iso reviews | minutes`: management reviews at the terminal. Reads only."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.iso.iso_audits import AsJson, Every
from bot.cli.output import say, say_json, say_table
from bot.cli.transaction import run

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession


def reviews(every: Every = False, as_json: AsJson = False) -> None:
    """Name the management reviews. Reads only."""
    found = run(lambda tx, _now: _reviews(tx, every=every))
    if as_json:
        say_json(found)
        return
    rows = [(o["ref"], o["title"], o["state"], o["planned_on"], o["period"], ", ".join(o["decisions"])) for o in found]
    say_table(("review", "title", "state", "planned", "records of", "decisions"), rows)


def minutes(
    ref: Annotated[str, typer.Argument(help="Which one, like MR-1.")],
    as_json: AsJson = False,
) -> None:
    """Print the minutes of a management review: as they were frozen, or as they stand. Reads only."""
    found = run(lambda tx, now: _minutes(tx, ref, now))
    if as_json:
        say_json(found)
        return
    say(found["minutes"].rstrip("\n"))


async def _reviews(tx: "AsyncSession", *, every: bool) -> list[dict[str, Any]]:
    from bot.rules.management_review.list_filter import read
    from bot.usecases.management_review import meetings
    from storage.management_review import meetings as stored

    found = await stored.page(tx, read("all" if every else "").states, 10_000)
    return [
        {"ref": str(one.ref), "title": one.title, "state": one.state, "period": one.period,
         "planned_on": one.planned_on, "chair": one.chair, "attended": one.attended.split(),
         "digest": one.digest or None,
         "decisions": [str(each.ref) for each in await meetings.decisions(tx, one)]}
        for one in found
    ]  # fmt: skip


async def _minutes(tx: "AsyncSession", typed: str, _now: datetime) -> dict[str, Any]:
    from bot.rules.management_review.inputs import restored
    from bot.rules.record.refs import Noun, Ref
    from bot.usecases.management_review import access, meetings

    review = await access.find(tx, Ref.parse(typed, Noun.MANAGEMENT_REVIEW))
    told = [{"topic": one.topic, "title": one.topic.heading, "lines": list(one.lines), "said": one.said}
            for one in restored(review.inputs)]  # fmt: skip
    minutes = await meetings.minutes_of(tx, review)
    return {"ref": str(review.ref), "state": review.state, "digest": review.digest or None, "inputs": told,
            "minutes": minutes}  # fmt: skip
