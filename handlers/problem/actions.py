"""All that can be done to a problem and to a known error. The order is that of help and menu."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.problem.causes import CauseStatus, CausesView
from bot.rules.problem.flow import Audience, KnownErrorAct, KnownErrorStep, ProblemAct, ProblemStep
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases import people
from bot.usecases.problem import causes, known_errors, pictures, problems, related
from bot.usecases.problem.causes import STATEMENT_MOST
from bot.usecases.problem.known_errors import SYMPTOM_MOST, Statement
from bot.usecases.records import assignment, comments
from handlers.blocks import holder, kit
from handlers.blocks.kit import Block
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.days import Day, day_said
from handlers.records.fields import Ask, Choice, Group, Person, Reference, Words
from handlers.records.form_values import Filled
from handlers.records.standard_actions.linking import References
from handlers.records.standard_actions.standard import STANDARD
from handlers.records.typed_values import Said, Shown, assignee, next_word
from storage.problem import problems as stored
from storage.record_links import LinkKind
from storage.tables import KnownError, Problem, ProblemCause

REVIEW_AFTER = timedelta(days=90)
"""After which a known error is read again, unless another day is said."""
NONE = "none"


class Says(StrEnum):
    """What a link of a problem says."""

    USUAL = "usual"
    SUSPECTED = "suspected"
    CAUSED_BY = "caused-by"
    RELATED = "related"

    @property
    def label(self) -> str:
        return {
            Says.USUAL: "It caused these incidents; these changes mend it",
            Says.SUSPECTED: "It may have caused these incidents",
            Says.CAUSED_BY: "These changes caused it",
            Says.RELATED: "They have to do with each other",
        }[self]


_KINDS = {
    Says.USUAL: None,
    Says.SUSPECTED: LinkKind.SUSPECTED,
    Says.CAUSED_BY: LinkKind.CAUSED_BY,
    Says.RELATED: LinkKind.RELATED,
}


async def link(tx: AsyncSession, ref: Ref, says: Says, others: Sequence[Ref], *, by: str, now: datetime) -> Problem:
    return await related.link(tx, ref, others, _KINDS[says], by=by, now=now)


async def known_error(tx: AsyncSession, ref: Ref, *values: Any, by: str, now: datetime) -> KnownError:
    return await known_errors.draft(tx, ref, Statement(*values), by=by, now=now)


async def edit(tx: AsyncSession, ref: Ref, *values: Any, by: str, now: datetime) -> KnownError:
    return await known_errors.edit(tx, ref, Statement(*values), by=by, now=now)


async def _causes(tx: AsyncSession, problem: Problem, _seen: RecordVersion, _by: str) -> Any:
    return await stored.causes(tx, problem.number)


async def _zone(tx: AsyncSession, _row: Any, _seen: RecordVersion, by: str) -> Any:
    """In which a day that is typed is meant."""
    return await people.zone(tx, by)


def _cause_options(shown: Shown) -> list[Block]:
    found: Sequence[ProblemCause] = shown.more
    return [kit.option(f"{one.number}. {one.statement}", str(one.number)) for one in found]


def _under() -> Ask:
    """“under 2 the log grows”."""

    def element(shown: Shown, _value: Any) -> Block:
        return kit.select([kit.option("The problem itself", NONE), *_cause_options(shown)], NONE)

    def parse(said: Said) -> tuple[str, str]:
        found = re.fullmatch(r"under\s+#?[cC]?(\d{1,4})\s+(.*)", said.words, re.DOTALL | re.ASCII)
        return (found[1], found[2]) if found else ("", said.words)

    def read(filled: Filled, field: Field) -> str:
        return filled.choice(field).removeprefix(NONE)

    return Ask(Field.UNDER, "It explains", element, read, parse, "[under number]")


def _category() -> Ask:
    def element(shown: Shown, _value: Any) -> Block:
        names = shown.policy.problems.categories
        return kit.select([kit.option(name, name) for name in names], names[0])

    return Ask(Field.CATEGORY, "Category", element, Filled.choice, lambda said: ("", said.words), first=lambda _: "",
               hint="Of a cause of the problem itself; what explains that cause has the same")  # fmt: skip


def _cause() -> Ask:
    def element(shown: Shown, _value: Any) -> Block:
        return kit.select(_cause_options(shown) or [kit.option("No cause was named yet", NONE)])

    return Ask(Field.CAUSE, "Cause", element, Filled.choice, lambda said: next_word(said.words), "number")


def _supposed(said: Said) -> Sequence[Any]:
    """“under 2 the log grows”: the words are the cause, their evidence comes when it is confirmed."""
    under, words = _UNDER.parse(said) if _UNDER.parse else ("", said.words)
    return words, under, "", ""


def _known(said: Said) -> Sequence[Any]:
    """“VPN drops at night: restart the client”: the symptom, a colon, and the workaround."""
    symptom, _, workaround = said.words.partition(":")
    review_on: date = said.shown.now.date() + REVIEW_AFTER
    return symptom, workaround, "", Audience.EVERYONE, review_on


def _line(field: Field, label: str, most: int, hint: str = "", *, kept: bool = False, optional: bool = False) -> Ask:
    """A text of one line; `kept`: it begins with what the record has."""
    return Ask(
        field, label, lambda _, value: kit.text_input(value or "", most=most), Filled.text, hint=hint,
        optional=optional, first=(lambda shown: getattr(shown.row, str(field), "")) if kept else (lambda _: ""),
    )  # fmt: skip


def _known_error_asks(*, kept: bool) -> tuple[Ask, ...]:
    workaround = Words(Field.WORKAROUND, "Workaround", "What helps until it is mended, step by step", "")
    review = Day(Field.DUE_ON, "Read again on", "From then on it is marked, and you are asked")
    audience = Choice(Field.AUDIENCE, "For", Audience, what="audience", labels=lambda one: one.label,
                      first=lambda shown: shown.row.audience if kept else Audience.EVERYONE)  # fmt: skip
    return (
        _line(Field.SYMPTOM, "What people see", SYMPTOM_MOST, "In the words of who has it", kept=kept),
        replace(workaround, first=lambda shown: shown.row.workaround) if kept else workaround,
        _line(Field.WORDS, "Other words for it", SYMPTOM_MOST, "What else people may type", kept=kept, optional=True),
        audience,
        replace(review, first=lambda shown: date.fromisoformat(shown.row.review_on) if kept
                else shown.now.date() + REVIEW_AFTER),
    )  # fmt: skip


def _none_named(shown: Shown) -> list[Block]:
    return [] if shown.more else [kit.section("No cause was named yet. *Add a cause…* comes first.")]


def _confirmed(shown: Shown) -> list[ProblemCause]:
    return [one for one in shown.more or () if one.status == CauseStatus.CONFIRMED]


def _what_is_known(shown: Shown) -> list[Block]:
    """So that nobody presses *Save* to hear that nothing is confirmed."""
    said = [f"> {one.number}. {kit.esc(one.statement)}" for one in _confirmed(shown)]
    if said:
        return [kit.section("\n".join(["*Confirmed*", *said[:10]]))]
    return [kit.section("No cause is confirmed. *Confirm a cause…* does that; or say here why none can be found.")]


def _words(label: str, hint: str, usage: str = "reason", *, optional: bool | Callable[[Shown], bool] = False) -> Ask:
    return Words(Field.COMMENT, label, hint, usage, optional)


def _view(said: Said) -> Sequence[Any]:
    word = said.words.strip().lower()
    return (CausesView(word) if word in set(CausesView) else CausesView.FISHBONE,)


def _accepted(said: Said) -> Sequence[Any]:
    return day_said(said)


_UNDER = _under()
ACTIONS = of(
    Noun.PROBLEM, "problem",
    Action("assess", problems.assess, "you look whether it is one", "is being assessed.", label="Assess",
           step=ProblemStep.ASSESS),
    Action("investigate", problems.investigate, "you look for its cause, or look again", "is being investigated.",
           label="Investigate", step=ProblemStep.INVESTIGATE),
    Action("cause", causes.suppose, "say what it may come from", "has another cause to look at.", (
               _line(Field.TITLE, "Why?", STATEMENT_MOST, "One cause, in a sentence"),
               _UNDER,
               _category(),
               _words("Evidence", "Links, or what was seen; it may come later", "", optional=True),
           ), "Add a cause…", ProblemAct.CAUSE, "Cause of", "Add", usage="[under number] what", parse=_supposed,
           looks_up=_causes),
    Action("confirm", causes.confirm, "a cause is shown to be one", "has a confirmed cause.",
           (_cause(), _words("Evidence", "Links, or what was seen", "evidence")),
           "Confirm a cause…", ProblemAct.CAUSE, "Confirm", "Confirm", looks_up=_causes, note=_none_named),
    Action("rule-out", causes.rule_out, "a cause is shown to be none", "has one cause less.",
           (_cause(), _words("Evidence", "What shows that it is none", "evidence")),
           "Rule a cause out…", ProblemAct.CAUSE, "Rule out", "Rule out", looks_up=_causes, note=_none_named),
    Action("draw", pictures.draw, "its causes as a picture", "is drawn; the picture comes into its thread.", (
               Choice(Field.KIND, "As", CausesView, what="view", labels=lambda one: one.label,
                      first=lambda _: CausesView.FISHBONE, usage="[fishbone|whys|factors]"),
           ), "Draw the causes…", RecordAct.DRAW, "Draw", "Draw", parse=_view),
    Action("known", problems.know, "its cause is known, or none can be found", "has a known cause.",
           (_words("None found?", "Only where no cause is confirmed: why none can be found", "[why none]",
                   optional=lambda shown: bool(_confirmed(shown))),),
           "Cause known…", ProblemStep.KNOW, "Known cause of", "Save", looks_up=_causes, note=_what_is_known),
    Action("fix", problems.fix, "a change or an action mends it", "has a fix under way.", label="Fix under way",
           step=ProblemStep.FIX),
    Action("fixed", problems.watched, "it is mended, and watched", "is fixed, and watched from now on.",
           label="Fixed", step=ProblemStep.WATCH),
    Action("close", problems.close, "it did not come back", "is closed.",
           (_words("Judged by", "What shows that it is over", "judged by what"),),
           "Close…", ProblemStep.CLOSE, "Close", "Close"),
    Action("reopen", problems.reopen, "it came back", "is open again.",
           (_words("Reason", "What was seen"),), "Reopen…", ProblemStep.REOPEN, "Reopen", "Reopen"),
    Action("known-error", known_error, "write down what helps meanwhile", "has a known error; publish it to offer it.",
           _known_error_asks(kept=False), "Known error…", ProblemAct.KNOWN_ERROR, "Known error of", "Save",
           usage="symptom: workaround", parse=_known),
    Action("link", link, "show incidents and changes beside it", "is linked.", (
               replace(Choice(Field.KIND, "What it says", Says, what="kind of link", labels=lambda one: one.label,
                              first=lambda _: Says.USUAL),
                       parse=lambda said: (Says(word), rest) if (word := next_word(said.words)[0].lower()) in set(Says)
                       and (rest := next_word(said.words)[1]) else (Says.USUAL, said.words),
                       usage="[suspected|caused-by|related]"),
               References(Field.OTHER, "Other records", "Like INC-12 INC-13 CHG-3, 20 at once"),
           ), "Link…", RecordAct.LINK, "Link", "Link"),
    *(one for one in STANDARD if one.verb in ("unlink", "action", "note", "items")),
    Action("add", comments.inform, "say more about what you proposed", "has that on record; who works on it is told.",
           (_words("Information", "Who looks for its cause reads this, and so does everybody who sees it", "words"),),
           "Add information", RecordAct.INFORM, "Add to", "Send"),
    Action("assign", assignment.assign, "give it to somebody", "is given.", (
               Person(Field.PERSON, "Person", first=lambda shown: shown.row.assignee, optional=True),
               Group(Field.GROUP, "Or a group", optional=True),
           ), "Assign…", ProblemAct.ASSIGN, "Assign", "Assign", usage="me|@person|group", parse=assignee,
           tells=holder.given("assignee", "owner_group")),
    Action("accept", problems.accept, "as a risk, until a day", "is accepted as a risk.", (
               Day(Field.DUE_ON, "Look again on"), _words("Reason", "Why it is not mended; it stays on record"),
           ), "Accept the risk…", ProblemStep.ACCEPT, "Accept", "Accept", parse=_accepted, looks_up=_zone),
    Action("merge", problems.merge, "it is the same as PRB-m, which goes on", "has what was linked to it now too.",
           (Reference(Field.OTHER, "The same as", "The problem that goes on, like PRB-3", "PRB-m", Noun.PROBLEM),),
           "Merge…", ProblemStep.MERGE, "Merge", "Merge"),
    Action("dismiss", problems.dismiss, "it is no problem", "is dismissed.",
           (_words("Reason", "Why it is none"),), "Dismiss…", ProblemStep.DISMISS, "Dismiss", "Dismiss"),
    Action("cancel", problems.cancel, "it is not pursued", "is cancelled.",
           (_words("Reason", "Why it is not pursued"),), "Cancel…", ProblemStep.CANCEL, "Cancel", "Cancel it"),
)  # fmt: skip
KNOWN_ERRORS = of(
    Noun.KNOWN_ERROR, "known_error",
    Action("publish", known_errors.publish, "offer a known error to who reports", "is published.", label="Publish",
           step=KnownErrorStep.PUBLISH),
    Action("change", edit, "", "is changed.", _known_error_asks(kept=True), "Change…", KnownErrorAct.EDIT, "Change",
           "Save", typed=False, mends=True),
    Action("supersede", known_errors.supersede, "another one takes its place", "is superseded.",
           (Reference(Field.OTHER, "By", "The known error that is offered instead, like KE-3", "KE-m",
                      Noun.KNOWN_ERROR),),
           "Supersede…", KnownErrorStep.SUPERSEDE, "Supersede", "Supersede"),
    Action("retire", known_errors.retire, "offer it no more", "is retired.",
           (_words("Reason", "Why it is offered no more"),), "Retire…", KnownErrorStep.RETIRE, "Retire", "Retire"),
)  # fmt: skip
STATUS = {
    CauseStatus.SUPPOSED: ":grey_question:",
    CauseStatus.CONFIRMED: ":white_check_mark:",
    CauseStatus.RULED_OUT: ":heavy_multiplication_x:",
}
