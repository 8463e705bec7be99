"""An organisation asks its own questions of a clause: in the walk, beside the evidence, until the answer lapses."""

from cast import Desk

from bot.rules.iso.criteria import Axis
from bot.rules.policy.policy import parse
from bot.usecases.policy import adopt

OWN = """
[gap_analysis.field-logs]
clause = "4.1"
axis = "works"
asks = "Do field engineers log incidents too?"
lapses = "90d"
"""


async def test_an_own_question_is_asked_answered_and_lapses(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    async with desk.bot.database.begin() as tx:
        await adopt(tx, parse(OWN), by="deskbell", now=desk.clock.now())
    await desk.settles()
    shown = (await desk.manager.runs("/iso 4.1")).text
    assert "Do field engineers log incidents too?" in shown
    assert "Nobody has answered it." in shown
    await desk.manager.runs("/iso walk")
    assert "4.1 Understanding" in desk.manager.modal.text
    kept = {"Do field engineers log incidents too?": "Started", "Because": "Two of five do"}
    assert not await desk.manager.submits(kept)
    shown = (await desk.manager.runs("/iso 4.1")).text
    assert "Two of five do" in shown
    await desk.manager.runs("/iso walk")
    assert "4.2 Understanding" in desk.manager.modal.text, "this one was gone through"
    await desk.manager.closes()
    desk.clock.forward(days=91)
    await desk.settles()
    assert "has lapsed: Two of five do" in (await desk.manager.runs("/iso 4.1")).text


async def test_in_the_walk_an_own_question_stands_beneath_the_axis_of_which_its_answer_is_a_part(
    desk_on_sqlite: Desk,
) -> None:
    desk = desk_on_sqlite
    asked = {Axis.DONE: "Is it done abroad?", Axis.DESIGNED: "Is it drawn?", Axis.WORKS: "Does it help?"}
    text = "\n".join(
        f'[gap_analysis.own-{axis}]\nclause = "4.1"\naxis = "{axis}"\nasks = "{says}"' for axis, says in asked.items()
    )
    async with desk.bot.database.begin() as tx:
        await adopt(tx, parse(text), by="deskbell", now=desk.clock.now())
    await desk.settles()
    await desk.manager.runs("/iso walk")
    expected = [one for axis in Axis for one in (axis.asks, asked[axis])]
    assert desk.manager.modal.labels == [*expected, "Because"]
    assert desk.manager.modal.text.count("Does it help?") == 2, "with what is found of it, and with its answer"
    assert not await desk.manager.submits({asked[Axis.DONE]: "Not addressed", "Because": "Nobody there knows of it"})
    shown = (await desk.manager.runs("/iso 4.1")).text
    assert "Nobody there knows of it" in shown
