"""The forms of carrying a change out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.rules.change_flow import ChangeType, Result, Review
from bot.rules.words import shorten
from handlers.ids import Field, Form
from handlers.views import kit
from handlers.views.change_forms import long
from handlers.views.changes import ref_of, seen_of
from handlers.views.kit import Block, View
from storage.tables import Change

_DAY = timedelta(days=1)
_ASKED_FOR = {
    Review.EMERGENCY: "it was an emergency",
    Review.FAILED: "it did not go as planned",
    Review.HIGH_RISK: "its risk was high",
    Review.INCIDENT: "it caused an incident",
}


def report_form(change: Change, now: datetime) -> View:
    blocks = _report(change, now, Result.SUCCESS)
    return kit.form(Form.CHANGE_REPORT, f"Finish {ref_of(change)}", "Finish", blocks, seen_of(change))


def backout_form(change: Change, now: datetime) -> View:
    """The same of the way back, also where the outcome was reported already."""
    blocks = _report(change, now, Result.BACKED_OUT)
    return kit.form(Form.CHANGE_BACKOUT, f"Back out {ref_of(change)}", "Backed out", blocks, seen_of(change))


def _report(change: Change, now: datetime, result: Result) -> list[Block]:
    results = [kit.option(one.capitalize(), one) for one in Result]
    plan = [kit.section(f"*Backout plan*\n{kit.quote(shorten(change.backout, 1500))}")] if change.backout else []
    return [
        _lead(change),
        *(plan if result is Result.BACKED_OUT else []),
        kit.ask(Field.RESULT, "Outcome", kit.select(results, result)),
        kit.ask(Field.STARTS_AT, "Began", kit.datetime_input(change.started_at or now)),
        kit.ask(Field.ENDS_AT, "Ended", kit.datetime_input(now)),
        long(Field.COMMENT, "What happened", "Needed unless all went well", optional=True),
        kit.ask(
            Field.CAUSED,
            "Caused incident",
            kit.text_input(change.caused or "", most=20),
            hint="As in INC-12",
            optional=True,
        ),
    ]


def closure_form(change: Change, asked_by: Sequence[Review]) -> View:
    """`asked_by`: what asks for a post-implementation review; without any it may be left empty."""
    hint = "What went well, what did not, what will be done differently"
    note = [kit.context(f"A post-implementation review is needed, since {because(asked_by)}.")] if asked_by else []
    blocks = [_lead(change), *note, long(Field.REVIEW, "Review", hint, optional=not asked_by)]
    return kit.form(Form.CHANGE_CLOSURE, f"Close {ref_of(change)}", "Close", blocks, seen_of(change))


def cancellation_form(change: Change) -> View:
    blocks = [_lead(change), long(Field.COMMENT, "Reason", "Who was asked to approve it may want to know")]
    return kit.form(Form.CHANGE_CANCELLATION, f"Cancel {ref_of(change)}", "Cancel change", blocks, seen_of(change))


def postponement_form(change: Change, now: datetime) -> View:
    """The window is suggested at the same hour of the next day that it can be."""
    days = timedelta(days=max((now - change.starts_at) // _DAY + 1, 1))
    agreed = change.type == ChangeType.STANDARD
    note = "What was agreed stays agreed." if agreed else "A window is part of what was approved: votes given are void."
    blocks = [
        _lead(change),
        kit.context(f"Now it opens {kit.when(change.starts_at)} and closes {kit.when(change.ends_at)}. {note}"),
        kit.ask(Field.STARTS_AT, "New start", kit.datetime_input(change.starts_at + days)),
        kit.ask(Field.ENDS_AT, "New end", kit.datetime_input(change.ends_at + days)),
        long(Field.COMMENT, "Reason", "Those who are concerned read it"),
    ]
    return kit.form(Form.CHANGE_POSTPONEMENT, f"Postpone {ref_of(change)}", "Postpone", blocks, seen_of(change))


def because(asked_by: Sequence[Review]) -> str:
    """What asks for a review, in a sentence."""
    return " and ".join(_ASKED_FOR[one] for one in asked_by)


def _lead(change: Change) -> Block:
    return kit.section(f"*{ref_of(change)}* {kit.esc(change.title)}")
