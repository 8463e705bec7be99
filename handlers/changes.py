"""Changes in Slack: looking at them, and the steps of carrying them out."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_access, change_revisions, change_steps
from bot.desk.policy import in_force
from bot.rules.change_flow import ChangeState, ChangeStep, Result
from bot.rules.change_refusals import BadChangeList
from bot.rules.refs import Noun, Ref
from handlers import (
    answers,
    approvals,
    cab,
    change_calendar,
    change_collisions,
    change_deeds,
    change_forms,
    change_templates,
    windows,
)
from handlers.change_deeds import Asking, Deed
from handlers.commands import Asked, Listener, Table, Verb, anything, word
from handlers.forms import Filled
from handlers.ids import Action, Command, Field, Form
from handlers.views import change_forms as form_views
from handlers.views import change_steps as forms
from handlers.views import changes as views
from handlers.views.kit import View
from storage import changes as stored

LISTED = 15
MINE = "mine"


def is_list(typed: str) -> bool:
    """“list”, and “list mine”; “list the owners of the VPN” is a title."""
    words = typed.lower().split()
    return words[:1] == ["list"] and len(words) <= 2


async def show_list(asked: Asked) -> None:
    which = asked.text.partition(" ")[2].strip()
    if which and which.lower() != MINE:
        raise BadChangeList(typed=which[:40])
    async with asked.turn.read() as tx:
        if which:
            shown = await stored.requested_by(tx, asked.turn.person, LISTED)
            await answers.say(asked.ack, views.asked_for(shown, (await in_force(tx)).policy))
            return
        shown = await stored.open_ones(tx, LISTED)
        more = await stored.count_open(tx) - len(shown)
        message = views.listing(shown, more, (await in_force(tx)).policy)
    await answers.say(asked.ack, message)


async def show(asked: Asked) -> None:
    """The card; its buttons do what the verbs do, on the revision that is shown."""
    ref = Ref.parse(asked.text.split()[-1], Noun.CHANGE)
    async with asked.turn.read() as tx:
        message = await change_deeds.card(tx, ref)
    await answers.say(asked.ack, message)


async def start(tx: AsyncSession, asking: Asking) -> None:
    await change_steps.start(tx, asking.seen, by=asking.by, now=asking.now)


async def report_form(tx: AsyncSession, asking: Asking) -> View:
    change = await change_access.may(tx, ChangeStep.FINISH, asking.seen, asking.by)
    return forms.report_form(change, asking.now)


async def finish(tx: AsyncSession, asking: Asking) -> None:
    await change_steps.finish(tx, asking.seen, report(asking.filled), by=asking.by, now=asking.now)


async def backout_form(tx: AsyncSession, asking: Asking) -> View:
    """Of what is closed already, the form of an emergency change that undoes it."""
    change = await change_access.find(tx, asking.seen.ref)
    if change.state == ChangeState.CLOSED:
        await change_access.require(tx, change, ChangeStep.BACK_OUT, asking.by)
        return form_views.way_back_form((await in_force(tx)).policy, change, asking.now, asking.by)
    return forms.backout_form(await change_access.may(tx, ChangeStep.BACK_OUT, asking.seen, asking.by), asking.now)


async def back_out(tx: AsyncSession, asking: Asking) -> None:
    step = ChangeStep.BACK_OUT
    await change_steps.finish(tx, asking.seen, report(asking.filled), by=asking.by, now=asking.now, step=step)


def report(filled: Filled) -> change_steps.Report:
    return change_steps.Report(
        result=filled.one_of(Field.RESULT, Result),
        starts_at=filled.instant(Field.STARTS_AT),
        ends_at=filled.instant(Field.ENDS_AT),
        note=filled.text(Field.COMMENT),
        caused=filled.text(Field.CAUSED),
    )


async def closure_form(tx: AsyncSession, asking: Asking) -> View:
    change = await change_access.may(tx, ChangeStep.CLOSE, asking.seen, asking.by)
    return forms.closure_form(change, await change_steps.asks_review(tx, change))


async def close(tx: AsyncSession, asking: Asking) -> None:
    review = asking.filled.text(Field.REVIEW)
    await change_steps.close(tx, asking.seen, review, by=asking.by, now=asking.now)


async def cancellation_form(tx: AsyncSession, asking: Asking) -> View:
    return forms.cancellation_form(await change_access.may(tx, ChangeStep.CANCEL, asking.seen, asking.by))


async def cancel(tx: AsyncSession, asking: Asking) -> None:
    await change_steps.cancel(tx, asking.seen, asking.filled.text(Field.COMMENT), by=asking.by, now=asking.now)


async def postponement_form(tx: AsyncSession, asking: Asking) -> View:
    change = await change_access.may(tx, ChangeStep.REVISE, asking.seen, asking.by)
    return forms.postponement_form(change, asking.now)


async def postpone(tx: AsyncSession, asking: Asking) -> None:
    filled = asking.filled
    starts_at, ends_at = filled.instant(Field.STARTS_AT), filled.instant(Field.ENDS_AT)
    why = filled.text(Field.COMMENT)
    await change_revisions.postpone(tx, asking.seen, starts_at, ends_at, why, by=asking.by, now=asking.now)


DEEDS = (
    Deed(Action.START_CHANGE, start, verb="start", says="begin it, in its window"),
    Deed(Action.FINISH_CHANGE, finish, report_form, Form.CHANGE_REPORT, "finish", "say how it went"),
    Deed(Action.BACK_OUT, back_out, backout_form, Form.CHANGE_BACKOUT, "back-out", "take the way back"),
    Deed(Action.CLOSE_CHANGE, close, closure_form, Form.CHANGE_CLOSURE, "close", "review and close it"),
    Deed(
        Action.POSTPONE_CHANGE,
        postpone,
        postponement_form,
        Form.CHANGE_POSTPONEMENT,
        "postpone",
        "give it another window",
    ),
    Deed(
        Action.CANCEL_CHANGE,
        cancel,
        cancellation_form,
        Form.CHANGE_CANCELLATION,
        "cancel",
        "give it up before it begins",
    ),
)
COMMANDS = Table(
    Command.CHANGE,
    "Changes: something is to be done to a service",
    noun=Noun.CHANGE,
    own=[
        Verb("list [mine]", "what is open, the soonest first; or what you asked for", show_list, is_list),
        Verb("approvals", "what waits for your vote", approvals.show_waiting, word("approvals")),
        Verb("standard", "changes that need no further approval", change_templates.show_list, word("standard")),
        Verb("delegate", "have someone stand in for you in approvals", approvals.delegate_typed, word("delegate")),
        Verb("CHG-n", "one change, how its approval stands and what can be done", show, answers.names(Noun.CHANGE)),
        Verb("approve CHG-n", "the same, to vote on", show, answers.verb("approve", Noun.CHANGE)),
        Verb("reject CHG-n", "the same, to vote on", show, answers.verb("reject", Noun.CHANGE)),
        *change_deeds.verbs(approvals.DEEDS),
        Verb("edit CHG-n", "go on with a draft, or revise", change_forms.edit_typed, answers.verb("edit", Noun.CHANGE)),
        *change_deeds.verbs(DEEDS),
        *cab.VERBS,
        *windows.VERBS,
        *change_calendar.VERBS,
        Verb(
            "break-glass [title]",
            "begin an emergency change before it is approved",
            change_forms.break_glass_typed,
            answers.begins("break-glass"),
        ),
        Verb("[title]", "ask for one: a form opens with your words in it", change_forms.ask, anything),
    ],
)
ACTIONS: dict[str, Listener] = {
    **change_deeds.actions(DEEDS),
    **change_forms.ACTIONS,
    **change_collisions.ACTIONS,
    **approvals.ACTIONS,
    **change_templates.ACTIONS,
    **cab.ACTIONS,
    **windows.ACTIONS,
    **change_calendar.ACTIONS,
}
SUBMISSIONS: dict[str, Listener] = {
    **change_deeds.submissions(DEEDS),
    **change_forms.SUBMISSIONS,
    **approvals.SUBMISSIONS,
    **change_templates.SUBMISSIONS,
    **cab.SUBMISSIONS,
    **windows.SUBMISSIONS,
}
