"""Two people at once at every record: whatever a form or button does, the second is answered, and nothing breaks."""

from typing import Any

import pytest
from cast import Desk

from bot.rules.record.refs import ABOUT, Noun
from bot.sandbox.person.people import Person
from handlers import nouns

NUMBERS = {Noun.CHANGE: 2}
"""Of a record that is still open; else the first."""
WORDS: dict[str, Any] = {
    "plain_text_input": "words of mine",
    "number_input": "1",
    "datepicker": "2026-04-02",
    "timepicker": "09:30",
    "users_select": "engineer",
    "multi_users_select": ["engineer"],
}


def answers(person: Person) -> dict[str, Any]:
    """Something for each input that must be filled in and is not."""
    assert person.modal is not None
    found = {}
    for block in person.modal.view.blocks:
        element = block.get("element", {})
        begun = any(key.startswith("initial") for key in element)
        if block["type"] != "input" or block.get("optional") or begun or "external" in element["type"]:
            continue
        options = element.get("options") or [
            one for group in element.get("option_groups", ()) for one in group["options"]
        ]
        found[block["label"]["text"]] = options[0]["text"]["text"] if options else WORDS.get(element["type"], "INC-1")
    return found


@pytest.mark.slow
async def test_the_second_of_two_is_answered_whatever_they_do(lived_in_desk: Desk, caplog: Any) -> None:
    desk = lived_in_desk
    first, second = desk.manager, desk.agent
    tried, odd = 0, []
    for noun, kind in nouns.kinds().items():
        for action in kind.all:
            if not action.typed:
                continue
            typed = f"/{ABOUT[noun]} {action.verb} {noun}-{NUMBERS.get(noun, 1)}"
            for person in (first, second):
                answer = await person.runs(typed)
                if answer and "Something went wrong" in answer.text:
                    odd.append((typed, answer.text))
            for person in (first, second, second):
                if person.modal is None:
                    continue
                faults = await person.submits(answers(person))
                tried += not faults
                if "went wrong" in str(faults):
                    odd.append((typed, faults))
            for person in (first, second):
                while person.modal is not None:
                    await person.closes()
    await desk.settles()
    said = [one.text for person in (first, second) for place in ("DM", "general") for one in person.messages(place)]
    odd += [("said", one) for one in said if "Something went wrong" in one]
    assert not odd, "\n".join(map(str, odd))
    assert tried > 40
    assert not [one for one in caplog.records if one.levelname == "ERROR"]
