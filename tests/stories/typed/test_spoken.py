"""A message names people, groups and links by ids and marks: nobody reads those."""

import pytest
from cast import Desk

from handlers.records.form_values import as_typed


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("<@U1|agent> and <!subteam^S1|@service-desk> in <#C1|general>", "@agent and @service-desk in #general"),
        ("<@U1> and <!subteam^S1>", "@agent and @service-desk"),
        ("<@U2> and <!subteam^S2>", "<@U2> and <!subteam^S2>"),
        ("<!here> <!channel|channel> <!everyone>", "@here @channel @everyone"),
        ("<https://x.example/a?b=c&amp;d=e|x.example> <https://x.example>", "x.example https://x.example"),
        ("<mailto:desk@x.example|desk@x.example> <mailto:desk@x.example>", "desk@x.example desk@x.example"),
        ("due <!date^1392734382^{date}|Feb 18, 2014>", "due Feb 18, 2014"),
        ("\u202eab\u202c \u2067cd\u2069 👩\u200d🔧", "ab cd 👩\u200d🔧"),
        ("&lt;@U1&gt; &lt;!here&gt; a &lt; b &gt; c &amp;amp;", "<@U1> <!here> a < b > c &amp;"),
    ],
)
def test_what_slack_sends_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert as_typed(sent, {"U1": "agent", "S1": "service-desk"}) == typed


async def test_a_message_that_names_somebody_is_kept_with_their_name(desk_on_sqlite: Desk) -> None:
    desk, agent = desk_on_sqlite, desk_on_sqlite.agent
    await desk.reports()

    async def answered(words: str) -> str:
        before = len(agent.notes("DM"))
        await agent.says(words, "DM")
        await desk.settles()
        return "\n".join(agent.notes("DM")[before:])

    assert "with @engineer." in await answered("action INC-1 @engineer friday Mend it")
    assert "INC-1 is with Service desk now" in await answered("assign INC-1 @service-desk")
    assert "INC-1 is with Service desk now" in (await agent.runs("/incident assign INC-1 @service-desk")).text
    assert "has your note" in await answered("note INC-1 ask @engineer or @cab in #general @here")
    told = (await agent.runs("/incident timeline INC-1")).text
    assert "“ask @engineer or @cab in #general @here”" in told
    assert "Shall I log “The laptop of @engineer is slow”" in await answered("The laptop of @engineer is slow")


async def test_a_report_from_a_message_has_the_names_that_the_message_shows(desk_on_sqlite: Desk) -> None:
    desk, agent = desk_on_sqlite, desk_on_sqlite.agent
    said = await desk.requester.says("The laptop of @engineer smokes, tell @service-desk")
    await agent.uses_shortcut("Log incident", said)
    assert agent.modal.value("Summary") == "The laptop of @engineer smokes, tell @service-desk"
    await agent.closes()
    await agent.uses_shortcut("Add to a record", said)
    assert agent.modal.value("What is added").startswith("The laptop of @engineer smokes, tell @service-desk")


async def test_words_with_a_file_are_read_and_a_file_alone_is_answered(desk_on_sqlite: Desk) -> None:
    desk, requester = desk_on_sqlite, desk_on_sqlite.requester
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.settles()

    async def shared(text: str) -> str:
        before = len(requester.notes("DM"))
        await requester.share("DM", "screen.png", b"no picture", text)
        await desk.settles()
        return "\n".join(requester.notes("DM")[before:])

    assert "Deskbell cannot read a file by itself" in await shared("")
    assert "Shall I log “The screen is blue”" in await shared("The screen is blue")
    await desk.agent.runs("/incident pend INC-1 customer What do you see?")
    await desk.settles()
    told = await shared("This, since nine")
    assert "INC-1" in told
    assert "cannot open what is shared here" in told
    assert "“This, since nine\n(with screen.png)”" in (await desk.agent.runs("/incident timeline INC-1")).text
    assert "Pending" not in (await desk.agent.runs("/incident INC-1")).text
