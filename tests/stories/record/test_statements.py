"""How many statements what is done most takes: a number here only falls.

More than a third of what a request costs is asking the database, so whoever reads a person, a policy or a record twice
in a transaction hears of it here. `bench_growth.py` prints the statements of everything else.
"""

from collections.abc import Awaitable, Callable

from cast import CHANGE, Desk
from statements import listened

MOST = {
    "a report's form": 7,
    "a report saved": 17,
    "its card and receipt": 26,
    "acknowledged": 24,
    "its card, and two Homes": 48,
    "a change asked for": 33,
    "an approval": 22,
    "an approval by command": 38,
    "App Home": 36,
}


async def test_what_is_done_most_asks_the_database_no_more_than_it_did(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    asked: dict[str, list[str]] = {}

    async def takes(what: str, *acts: Callable[[], Awaitable[object]]) -> None:
        with listened() as asked[what]:
            for act in acts:
                await act()

    async def submits() -> None:
        assert not await desk.requester.submits({})

    await desk.reports("Mail is slow")
    await desk.agent.opens_home()
    await desk.settles()
    await takes("a report's form", lambda: desk.requester.runs("/incident VPN is down"))
    await desk.requester.fills({"Service": "VPN", "Impact": "Everyone", "Urgency": "High"})
    await takes("a report saved", submits)
    await takes("its card and receipt", desk.bot.relay.deliver)
    await desk.settles()
    await takes("acknowledged", lambda: desk.agent.runs("/incident ack INC-2"))
    await takes("its card, and two Homes", desk.bot.relay.deliver)
    await desk.settles()
    await takes("App Home", desk.agent.opens_home, desk.bot.relay.deliver)
    await desk.requester.runs("/change Upgrade the gateway")
    await desk.requester.fills(CHANGE)
    await takes("a change asked for", submits)
    await desk.settles()
    await takes("an approval", lambda: desk.manager.clicks("Approve", where="DM"))
    await desk.asks_for_change("Upgrade the other gateway")
    await desk.settles()
    await takes("an approval by command", lambda: desk.manager.runs("/change approve CHG-2"))
    counted = {what: len(heard) for what, heard in asked.items()}
    grown = {what: "\n".join(heard) for what, heard in asked.items() if len(heard) > MOST[what]}
    assert not grown, counted
    assert counted == MOST, "fewer: write the new numbers here"
