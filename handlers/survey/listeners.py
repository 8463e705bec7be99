"""Surveys in Slack: answering one, looking at them, and the table of all that is done to them."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import FormRefused
from bot.rules.survey.flow import FLOW, SurveyState
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from bot.usecases.survey import access, surveys
from handlers.blocks import questions
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.records import kinds, listeners, replies, verbs
from handlers.records.commands import Asked, Listener, Verb, anything, finds
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.registration import Registration
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Reading
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from handlers.survey.actions import ACTIONS as OF_SURVEYS
from handlers.survey.messages import RENDERERS, card_of
from handlers.survey.views import survey as views
from storage.tables import Survey


async def show_list(asked: Asked) -> None:
    """`/survey`, `/survey list closed`, `/survey service desk`. Raises NoReports."""
    if asked.mistaken is not None:
        raise asked.mistaken
    first, _, rest = asked.text.strip().partition(" ")
    typed = rest.strip() if first.casefold() == "list" else asked.text.strip()
    typed = "" if typed.casefold() == "all" else typed
    async with asked.turn.read() as tx:
        found = await surveys.listed(tx, asked.turn.person, typed)
        message = views.listing(found, typed, await surveys.who_sees_others(tx, asked.turn.person))
    await replies.say(asked.ack, message)


async def answer_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        survey = await surveys.asking(tx, Ref.parse(action["value"], Noun.SURVEY), turn.person)
        view = views.form(survey, (await in_force(tx)).policy)
    await replies.show_view(client, body, view)
    await ack()


async def answered(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    ref, comment = Ref.parse(filled.kept, Noun.SURVEY), filled.text(Field.COMMENT)
    async with turn.begin() as tx:
        asked = views.asked_in(await surveys.asking(tx, ref, turn.person))
        given = questions.read(view, asked)
        try:
            marks = [views.mark(given.get(one.id)) for one in asked]
        except ValueError:
            raise FormRefused({Field.COMMENT: "Choose a mark for each question."}) from None
        await surveys.answer(tx, ref, marks, comment, by=turn.person, now=turn.now)
    await ack()


async def comments_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    seen = RecordVersion.parse(action["value"], Noun.SURVEY)
    async with turn.read() as tx:
        view = reading.view(seen, await written(tx, seen.ref, turn.person))
    await replies.show_view(client, body, view)
    await ack()


async def written(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    """Raises NotYourSurvey, NotOverYet, TooFewAnswers, NoSuchRecord."""
    return views.written(await surveys.comments(tx, ref, by))


async def may_read(tx: AsyncSession, value: str, turn: RequestContext) -> Survey:
    return await surveys.readable(tx, RecordVersion.parse(value, Noun.SURVEY).ref, turn.person)


async def _can(tx: AsyncSession, survey: Survey, turn: RequestContext) -> Collection[StrEnum]:
    if not await visibility.works_on(tx, survey, turn.person):
        return ()
    steps = set(FLOW.legal(SurveyState(survey.state)))
    return {one.step for one in OF_SURVEYS.values() if one.step and (one.step in steps or one.step not in FLOW.steps)}


KIND = Kind(
    noun=Noun.SURVEY,
    actions=OF_SURVEYS,
    title=views.title,
    card=kinds.card(lambda tx, survey, _: card_of(tx, survey)),
    may=kinds.may(access.may),
    can=_can,
    any_revision=True,
    stands=kinds.state(SurveyState),
    timeline=Id.SURVEY_TIMELINE,
    says=views.say,
    waits=views.waits,
    staff_only=lambda _: True,
)
COMMANDS = Table(
    command=Command.SURVEY,
    about="Surveys: how satisfied people say they are, at planned intervals",
    noun=Noun.SURVEY,
    staff=access.may_work,
    own=[
        Verb("list [open|closed|words]", "the same", show_list, replies.begins("list"), staff=True),
        verbs.shown(KIND),
        *verbs.verbs(KIND),
        Verb("[open|closed|words]", "those that were sent, and how many answered", show_list, anything, staff=True),
    ],
    own_words="No, look for it",
    finds=finds(lambda tx, asked: surveys.listed(tx, asked.turn.person, asked.text)),
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.SURVEY_ANSWER: answer_clicked,
    Id.SURVEY_COMMENTS: comments_clicked,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    pressed_by={Id.SURVEY_COMMENTS: may_read},
    reads={Noun.SURVEY: written},
    submissions={**listeners.submissions(KIND), Form.SURVEY: answered},
    renderers=RENDERERS,
)
