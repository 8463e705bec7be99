"""A card that one person is answered offers what that person may do, whatever kind of button it is."""

from cast import Desk

from bot.rules.record.refs import ABOUT, Noun
from bot.sandbox.person.people import Person
from handlers import nouns

ACTIONS = nouns.by_button()


async def special(desk: Desk, person: Person) -> tuple[set[tuple[str, str]], list[str]]:
    """Buttons of cards that are no action's and were pressed, and what those that were refused said."""
    pressed, refused = set(), []
    for noun in Noun:
        for number in (1, 2):
            await person.runs(f"/{ABOUT[noun].partition(' ')[0]} {noun}-{number}")
            shown = person.messages("general")[-1]
            for button in (one for row in shown.blocks if row["type"] == "actions" for one in row["elements"]):
                label = button["text"]["text"] if button["type"] == "button" else ""
                if not label or label == "More…" or button["action_id"] in ACTIONS or "url" in button:
                    continue
                before = len(person.noted())
                await person.clicks(label, message=shown)
                refused += [f"{noun}-{number} {label}: {said}" for said in person.notes()[before:]]
                pressed.add((str(noun), label))
                if person.modal is not None:
                    await person.closes()
    return pressed, refused


async def test_no_button_of_a_card_is_refused_to_who_asked_for_the_card(lived_in_desk: Desk) -> None:
    desk = lived_in_desk
    pressed, refused = await special(desk, desk.outsider)
    assert not refused, "\n".join(refused)
    assert ("CHG", "Edit") not in pressed
    offered = {("CHG", "Edit"), ("WIN", "Lift"), ("REG", "Change…"), ("DOC", "Write…"), ("REV", "Write…")}
    pressed, refused = await special(desk, desk.manager)
    assert pressed >= offered
    assert not refused, "\n".join(refused)
