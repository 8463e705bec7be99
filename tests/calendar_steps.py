"""What the cast does in the stories of the change calendar."""

from datetime import timedelta

from cast import MONDAY, Desk

DAY = timedelta(days=1)


async def asks(desk: Desk, title: str = "Upgrade the VPN gateway", days: float = 1, **fields: object) -> None:
    begin = MONDAY + days * DAY
    window = {"Start": begin, "End": begin + timedelta(hours=2)}
    await desk.asks_for_change(title, **window | fields)


async def freezes(desk: Desk, days: float = 1, length: float = 1, **fields: object) -> None:
    await desk.manager.runs("/change freeze")
    begin = MONDAY + days * DAY
    form = {"Title": "Year-end close", "From": begin, "To": begin + length * DAY, "Reason": "Accounts"}
    assert await desk.manager.submits(form | fields) == {}
    await desk.settles()
