"""What a person is shown they can use. Every number can be opened: it is a link to a card that they see, or a command
shows it. Every button of an answer for them alone is one that they may press."""

from typing import Any

import pytest
from cast import Desk
from every_noun import LINK, bare, screens, seen, texts

from bot.rules.record.refs import Noun, RecordVersion, Ref, of_subject
from bot.rules.record.refusals import NoSuchRecord, Refusal
from bot.rules.report.refusals import NoReports
from bot.rules.survey.refusals import NotYourSurvey
from bot.sandbox.person.people import Person
from bot.usecases.records.declared import kind_of
from handlers import nouns
from handlers.request.context import RequestContext
from storage.delivery import posts

BUTTONS = nouns.by_button()


async def has_card(desk: Desk, person: Person, ref: Ref) -> bool:
    """An item has one once a record named it; of what is told to persons alone, those who were told; of the review of a
    private incident, who is in its channel. Else its command shows it."""
    if ref.noun not in (Noun.CI, Noun.COMPLAINT, Noun.MANAGEMENT_REVIEW, Noun.REVIEW):
        return True
    async with desk.bot.database.read() as tx:
        found = await posts.leading_to(tx, [str(ref)], f"@{person.id}")
    return any(one.lane == f"@{person.id}" or _is_in(desk, person, one.channel) for one in found)


def _is_in(desk: Desk, person: Person, channel: str) -> bool:
    place = desk.slack.channels[channel]
    return place.name != "" and (not place.is_private or person.id in place.members)


async def may_open(desk: Desk, person: Person, ref: Ref) -> bool:
    async with desk.bot.database.read() as tx:
        try:
            await kind_of(ref.noun).shown_to(tx, ref, person.id)
        except NoSuchRecord:
            return False
        except (NoReports, NotYourSurvey):  # they are in their channel: all read them there, the command shows more
            return True
    return True


async def faults(desk: Desk, person: Person) -> list[str]:
    """Numbers on this person's screens that they cannot open, or that are no link though there is a card."""
    found, opened = [], dict[Ref, bool]()
    async for screen, blocks in screens(desk, person):
        if "There is no " in str(blocks):
            continue  # the number that was typed
        for kind, words in texts(blocks):
            found += [
                f"{screen}: {link['ref']} leads nowhere"
                for link in LINK.finditer(words)
                if seen(desk, person, link["channel"], link["ts"]) is None
            ]
            plain = bare(kind, words)
            for one in plain | {link["ref"] for link in LINK.finditer(words)}:
                ref = of_subject(one)
                if ref not in opened:
                    opened[ref] = await may_open(desk, person, ref)
                if not opened[ref]:
                    found.append(f"{screen}: {ref} is shown and is not theirs")
                is_card = screen.startswith("#") and (
                    one in str(blocks[0]) or (one[:3] in ("RPT", "SVY") and one in words[:6])
                )
                if kind == "mrkdwn" and one in plain and not is_card and await has_card(desk, person, ref):
                    found.append(f"{screen}: {ref} is no link in {words[:80]!r}")
        if screen.startswith("/"):
            found += await refused(desk, person, screen, blocks)
    return found


async def refused(desk: Desk, person: Person, screen: str, blocks: list[dict[str, Any]]) -> list[str]:
    """Buttons of actions that this person may not take."""
    found = []
    turn = RequestContext(person.id, desk.clock.now(), "", desk.bot.database, desk.bot.reads)
    for button in (one for block in blocks if block["type"] == "actions" for one in block["elements"]):
        if button["action_id"] in BUTTONS:
            kind, action = BUTTONS[button["action_id"]]
            async with desk.bot.database.read() as tx:
                try:
                    await kind.may(tx, action, RecordVersion.parse(button["value"], kind.noun), turn)
                except Refusal as no:
                    found.append(f"{screen}: {button['text']['text']!r} answers {no.sentence}")
    return found


@pytest.mark.slow
async def test_every_number_can_be_opened_and_no_button_of_an_answer_is_refused(lived_in_desk: Desk) -> None:
    desk = lived_in_desk
    assert await desk.channel("service-desk").count("CI-1 VPN", "never verified") == 1, "where it was named first, once"
    for person in (desk.requester, desk.manager, desk.engineer):
        found = await faults(desk, person)
        assert not found, "\n".join(found)
