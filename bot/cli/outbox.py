"""`deskbell outbox`: what waits, what was given up and why; `retry` and `drop`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.output import say, say_json, say_table
from bot.cli.transaction import MOST_NUMBER
from bot.settings import load_local

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from storage.delivery.outbox_admin import LaneWaiting
    from storage.tables import Outbox

app = typer.Typer(
    invoke_without_command=True, help="What Slack has not heard yet: what waits, what was given up, and why."
)
T = TypeVar("T")
SHOWN_MOST = 50

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Lane = Annotated[str | None, typer.Option(help="Only what waits for this one, like “#changes” or “@U012AB3CD”.")]
Number = Annotated[int | None, typer.Argument(max=MOST_NUMBER, help="A message's number, as the list has it.")]
Because = Annotated[str, typer.Option(help="Why; it is kept in the journal.")]


@dataclass(frozen=True)
class Found:
    lanes: "Sequence[LaneWaiting]"
    waiting: "Sequence[Outbox]"
    dead: "Sequence[Outbox]"


@app.callback()
def show(context: typer.Context, lane: Lane = None, as_json: AsJson = False) -> None:
    """List what waits, lane by lane, and what was given up."""
    if context.invoked_subcommand is not None:
        return

    async def look(tx: "AsyncSession") -> Found:
        from storage.delivery import outbox
        from storage.delivery import outbox_admin as outbox_care

        lanes = [one for one in await outbox_care.lanes(tx) if lane in (None, one.name)]
        dead = [row for row in await outbox.dead(tx) if lane in (None, row.lane)]
        return Found(lanes, await outbox_care.waiting(tx, SHOWN_MOST, lane), dead)

    found = _within(look)
    if as_json:
        say_json({"lanes": [_lane(one) for one in found.lanes], **_rows(found)})
    else:
        _print(found, datetime.now(UTC))


@app.command()
def retry(
    number: Number = None, dead: Annotated[bool, typer.Option("--dead", help="All that were given up.")] = False
) -> None:
    """Send a message again that was given up. One that may have arrived is looked for first."""
    from bot.usecases.delivery import outbox_admin

    if (number is None) == (not dead):
        raise typer.BadParameter("name a message's number, or --dead for all that were given up")
    now = datetime.now(UTC)
    if number is not None:
        row = number
        say(_refusing(lambda tx: outbox_admin.retry(tx, row, now)))
    else:
        count = _within(lambda tx: outbox_admin.retry_dead(tx, now), write=True)
        say(f"{_counted(count)} sent again." if count else "No message was given up; there is nothing to send again.")


@app.command()
def drop(number: Annotated[int, typer.Argument(max=MOST_NUMBER, help="A message's number.")], because: Because) -> None:
    """Let a message go for ever. Who, when and why stands in the journal."""
    from bot.usecases.delivery import outbox_admin as delivery_outbox_admin

    _refusing(lambda tx: delivery_outbox_admin.drop(tx, number, because, datetime.now(UTC)))
    say(f"Message {number} is dropped, and the journal says why.")


def _refusing(act: "Callable[[AsyncSession], Awaitable[T]]") -> T:
    """A refusal is a sentence and exit code 1."""
    from bot.rules.record.refusals import Refusal

    try:
        return _within(act, write=True)
    except Refusal as refused:
        say(refused.sentence, error=True)
        raise typer.Exit(1) from None


def _within(act: "Callable[[AsyncSession], Awaitable[T]]", *, write: bool = False) -> T:
    """Raises SchemaUnfit where the database is not this version's, or is not there."""
    from bot.cli.database import opened, require

    url = load_local().database_url.get_secret_value()
    require(url)

    async def run() -> T:
        async with opened(url) as database, database.begin() if write else database.read() as tx:
            return await act(tx)

    return asyncio.run(run())


def _print(found: Found, now: datetime) -> None:
    if not found.lanes and not found.dead:
        say("Nothing waits, and nothing was given up.")
    if found.lanes:
        say(f"{_counted(sum(one.rows for one in found.lanes))} waiting:")
        lanes = [(one.name, one.rows, _ago(one.since, now), one.parked_reason or "") for one in found.lanes]
        say_table(("lane", "messages", "oldest", "parked because"), lanes)
        say("")
        say_table(
            ("message", "says", "about", "to", "state", "tries", "waits", "last failure"), _lines(found.waiting, now)
        )
    if found.dead:
        say(f"\n{_counted(len(found.dead))} given up (`deskbell outbox retry ID`, or `drop ID --because …`):")
        say_table(("message", "says", "about", "to", "state", "tries", "since", "why"), _lines(found.dead, now))


def _lines(rows: "Sequence[Outbox]", now: datetime) -> list[Sequence[object]]:
    return [
        (row.id, _kind(row), row.about, row.lane, row.state, row.attempt, _ago(row.created_at, now), row.error or "")
        for row in rows
    ]


def _kind(row: "Outbox") -> str:
    said = row.kind.replace("_", " ")
    return said if row.verb in ("post", "step") else f"{said} ({row.verb})"


def _ago(since: datetime, now: datetime) -> str:
    seconds = max(int((now - since).total_seconds()), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _counted(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


def _lane(one: "LaneWaiting") -> dict[str, object]:
    told = asdict(one)
    return told | {key: told[key].isoformat() for key in ("since", "next_at") if told[key]}


def _rows(found: Found) -> dict[str, object]:
    fields = {"id", "verb", "kind", "about", "lane", "state", "attempt", "created_at", "last_attempt_at", "error"}
    return {
        "waiting": [row.model_dump(mode="json", include=fields) for row in found.waiting],
        "dead": [row.model_dump(mode="json", include=fields) for row in found.dead],
    }
