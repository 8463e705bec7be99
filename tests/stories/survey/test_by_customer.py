"""The satisfaction of one customer's people, in the service level review: and whose is not to be read out of it."""

import pytest
from cast import Desk
from stories.report.test_issued_reports import adopt
from stories.survey.test_surveys import MONTHLY, answers

from bot.rules.survey.answers import may_be_divided

CUSTOMERS = (
    MONTHLY.replace('groups = ["service-desk", "cab", "security"]', 'groups = ["sales", "plant"]')
    + """
[groups.sales]
title = "Sales"
usergroup = "sales"
[groups.plant]
title = "Plant"
usergroup = "plant"
[customers.sales]
title = "Sales"
group = "sales"
services = ["vpn"]
[customers.plant]
title = "Plant"
group = "plant"
"""
)
SALES, PLANT = ("agent", "manager", "approver"), ("engineer", "requester", "outsider")


async def surveyed(desk: Desk, answering: tuple[str, ...]) -> str:
    desk.slack.add_usergroup("sales", SALES)
    desk.slack.add_usergroup("plant", PLANT)
    await adopt(desk, CUSTOMERS)
    await desk.bot.refresh_directory()
    desk.clock.forward(days=30)
    await desk.channel("service-desk").hears("How is the service desk? (March 2026)", "0 of 6 answered")
    for who in answering:
        await answers(desk, who, "5 · Excellent" if who in SALES else "2 · Fair", "4 · Very good")
    desk.clock.forward(days=14)
    await desk.settles()
    desk.clock.forward(hours=1)
    return (await desk.manager.runs("/report levels this month for sales")).text.replace("*", "")


async def test_a_customers_satisfaction_is_that_of_its_people(desk: Desk) -> None:
    assert "Satisfaction by surveys: median 5" in (said := await surveyed(desk, (*SALES, *PLANT))), said
    assert "People asked by surveys who answered: 100 %, 3 of 3 answered" in said
    plant = (await desk.manager.runs("/report levels this month for plant")).text.replace("*", "")
    assert "Satisfaction by surveys: median 2" in plant


async def test_what_would_tell_one_persons_answer_is_left_out(desk_on_sqlite: Desk) -> None:
    """Of all six and of three together, the mark of the one who is left could be reckoned."""
    said = await surveyed(desk_on_sqlite, (*SALES, "engineer"))
    assert "Satisfaction by surveys: median" not in said
    assert "People asked by surveys who answered: 100 %, 3 of 3 answered" in said


@pytest.mark.parametrize(("parts", "shown"), [((3, 3), True), ((3, 2), False), ((7,), True), ((), True), ((2,), False)])
def test_each_part_must_be_large_enough(parts: tuple[int, ...], shown: bool) -> None:
    assert may_be_divided(parts, 3) is shown
