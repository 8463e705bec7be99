"""Surveys as people see them: the card in the channel, what each is asked, the form, what people wrote."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.rules.form.conditions import Answer
from bot.rules.form.questions import Question, QuestionType
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.flow import label
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import WORDS_MOST, per_cent
from bot.rules.record.waiting import Waits
from bot.rules.report.issue import name_of
from bot.rules.report.periods import Every
from bot.rules.survey.answers import MARKS, Result
from bot.rules.survey.flow import SurveyState
from bot.usecases.survey.surveys import LISTED_MOST, Said, Standing
from handlers.blocks import complaining, facts, fitting, kit, questions
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action, Field, Form
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.standard_actions.reading import Passage, Reading
from handlers.survey.actions import ACTIONS
from storage.tables import ActionItem, Survey, SurveyAnswer

SAID = {
    FactKind.SURVEY_SENT: "sent it to {sent}",
    FactKind.SURVEY_ANSWERED: "answered it",
    FactKind.SURVEY_REMINDED: "reminded {reminded} of it",
    FactKind.SURVEY_CLOSED: "closed it with {counted}",
}
NAMES = ("Poor", "Fair", "Good", "Very good", "Excellent")
"""Of the marks, the lowest first: those of a rating."""


@dataclass(frozen=True)
class Sheet:
    standing: Standing
    policy: Policy
    actions: Sequence[ActionItem] = ()
    """What is done about it."""


def say(fact: Fact) -> str:
    """Nothing of an answer without a name: when each came might tell whose it is."""
    if fact.kind is FactKind.SURVEY_ANSWERED and fact.by == SYSTEM:
        return ""
    asked, people, answered = (int(str(fact.data.get(one) or 0)) for one in ("asked", "people", "answered"))
    sent, reminded = (kit.counted(one, "person", "people") for one in (asked, people))
    return facts.said(fact, SAID, sent=sent, reminded=reminded, counted=kit.counted(answered, "answer"))


def title(survey: Survey) -> str:
    return f"{survey.title} ({name_of(Every(survey.every), survey.first_day)})"


def card(sheet: Sheet) -> Message:
    survey, seen = sheet.standing.survey, RecordVersion.of(sheet.standing.survey)
    about = kit.esc(sheet.policy.service_name(survey.service)) if survey.service else "the service desk"
    blocks = [
        kit.header(title(survey)),
        kit.context(f"Of {about}. {_hidden(survey)}", _when(survey)),
        kit.section(_standing(sheet.standing)),
        *_results(sheet.standing),
        *facts.done_about_it(sheet.actions),
        kit.context(f"*{survey.ref}* · What do we do about it?"),
    ]
    read = [kit.button(Action.SURVEY_COMMENTS, "What people wrote", seen)] if sheet.standing.shown else []
    buttons = kit.actions(actions.button(ACTIONS["action"], seen), *read, actions.more_button(seen))
    return Message(f"{survey.ref} {kit.esc(title(survey))}", [*blocks, buttons])


def asked(survey: Survey, mine: SurveyAnswer, answered: int) -> Message:
    """For one whom it asks. Once they have answered, or it is over, it says so."""
    lead = f":memo: *{kit.esc(title(survey))}*\nIt takes a minute. {_hidden(survey)}"
    blocks = [
        kit.section(lead),
        kit.context(f"*{survey.ref}* · open until {kit.when(survey.closes_at)}"),
        kit.actions(kit.button(Action.SURVEY_ANSWER, "Answer…", survey.ref, "primary")),
    ]
    message, over = Message(f"How satisfied are you? {kit.esc(title(survey))}", blocks), _over(survey, answered)
    if mine.marks is None or mine.answered_at is None:
        return ended(message, over)
    told = ended(message, f"You answered {kit.when(mine.answered_at)}. Thank you. {over}".strip())
    return Message(told.text, [*told.blocks, *_complaint(survey, min(json.loads(mine.marks)))])


def waits(one: Waits, _policy: Policy) -> Block:
    """In “Waiting for you”."""
    survey: Survey = one.record
    text = f":memo: *{survey.ref}* {kit.esc(title(survey))}\nIt takes a minute. Open until {kit.when(survey.closes_at)}"
    return kit.section(text) | {"accessory": kit.button(Action.SURVEY_ANSWER, "Answer…", survey.ref, "primary")}


def _complaint(survey: Survey, lowest: int) -> Iterator[Block]:
    """A complaint has a name: of a survey that has none it does not say that it comes from there."""
    if offered := complaining.offer(str(survey.ref) if survey.named else "", lowest):
        if not survey.named:
            yield kit.context("A complaint has your name. It does not say that you answered this.")
        yield from offered


def form(survey: Survey, policy: Policy) -> View:
    blocks = [questions.drawn(one, None, policy, live=False) for one in asked_in(survey)]
    words = kit.text_input("", most=WORDS_MOST, lines=True)
    blocks.append(kit.ask(Field.COMMENT, survey.comment, words, optional=True, hint=_hidden(survey)))
    return kit.form(Form.SURVEY, "Survey", "Send", blocks, survey.ref)


def asked_in(survey: Survey) -> list[Question]:
    """Its questions, as a form that is data has them."""
    scale = tuple(f"{mark} · {name}" for mark, name in zip(MARKS, NAMES, strict=True))
    return [
        Question(id=f"question-{place}", asks=asks, type=QuestionType.CHOICE, options=scale, required=True)
        for place, asks in enumerate(json.loads(survey.questions), 1)
    ]


def mark(answer: Answer | None) -> int:
    """Raises ValueError for what no drawn form can hold."""
    found = int(str(answer).partition(" ")[0])
    if found not in MARKS:
        raise ValueError(found)
    return found


def written(found: Sequence[Said]) -> Reading:
    """With a name and marks each where the survey says so. Else in no order that tells who wrote what."""
    return Reading(
        "What people wrote" if found else "Nobody wrote anything.",
        [_passage(f"{place} of {len(found)}", one) for place, one in enumerate(found, 1)],
    )


def _passage(place: str, one: Said) -> Passage:
    said = ([f"Marks: {', '.join(map(str, one.marks))}"] if one.marks else []) + [kit.quote(one.comment)]
    text = "\n".join(filter(None, said))
    return Passage(kit.mention(one.person) if one.person else place, text, text)


def listing(found: Sequence[tuple[Survey, int]], typed: str = "", leaders: str = "") -> Message:
    """`leaders`: who sees the surveys of all services, where this person sees those of some alone."""
    if not found and typed:
        return Message(text := "No survey matches that. `/survey list` shows all.", [kit.section(text)])
    if not found:
        nothing = "No survey was sent yet. The policy's `[surveys.…]` say which come by themselves."
        if leaders:
            nothing = f"No survey about a service of yours was sent yet. {kit.esc(leaders)} see all others."
        return Message(nothing, [kit.section(nothing)])
    lines = "\n".join(
        f"*{one.ref}* {kit.colon(kit.esc(title(one)))} {label(SurveyState(one.state))}, {count} of {one.asked} answered"
        for one, count in found[:LISTED_MOST]
    )
    more = [kit.context("There are older ones. `/report export surveys` has all.")] if len(found) > LISTED_MOST else []
    return Message("Surveys", [kit.header("Surveys"), *map(kit.section, fitting.sections(lines)), *more])


def _hidden(survey: Survey) -> str:
    if survey.named:
        return "Answers are shown with the names of who gave them."
    return f"Answers are shown without names, and only from {survey.least} answers on."


def _when(survey: Survey) -> str:
    said = f"Sent {kit.when(survey.sent_at)}"
    if survey.closed_at is not None:
        return f"{said}, over since {kit.when(survey.closed_at)}."
    return f"{said}, open until {kit.when(survey.closes_at)}."


def _standing(found: Standing) -> str:
    survey = found.survey
    if not survey.asked:
        if survey.closes_at <= survey.sent_at:
            return f":warning: Nobody was asked: it was due {kit.when(survey.due_at)}, and Deskbell did not run then."
        return "Nobody was asked: nobody whom it is for is here."
    said = f"*{found.answered} of {survey.asked}* answered ({per_cent(found.answered / survey.asked)})."
    if survey.closed_at is not None and not found.shown:
        return f"{said} From {survey.least} answers on it is shown what they say."
    return said


def _results(found: Standing) -> Iterator[Block]:
    if found.results:
        yield from map(kit.section, fitting.sections("\n".join(map(_result, found.results))))


def _result(one: Result) -> str:
    """“How is the desk? *4.2 of 5* · 1: 0, 2: 1, 3: 2, 4: 5, 5: 4”."""
    marks = ", ".join(f"{mark}: {count}" for mark, count in zip(MARKS, one.counts, strict=True))
    mean = "–" if one.mean is None else f"{one.mean:.1f}"
    return f"• {kit.esc(one.question)} *{mean} of 5* ({marks})"


def _over(survey: Survey, answered: int) -> str:
    """Empty while it is open."""
    if survey.state == SurveyState.OPEN:
        return ""
    return f"It is over: {answered} of {survey.asked} answered."
