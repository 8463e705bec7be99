"""What is said of turns: offers, changes and hand-overs; and their forms."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.incident.priority import Priority
from bot.rules.on_call.shifts import OnCallShift, gaps
from bot.rules.record.text import wall_time
from bot.usecases.calendar.handed_over import HandedOver
from bot.usecases.on_call.changes import WITHDRAWN, Changed
from bot.usecases.on_call.exchanges import Turns
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action, Field, Form
from handlers.on_call.views.lists import crew, said, span, user_group
from handlers.records.ended import ended
from storage.tables import OnCallOffer, OnCallOverride

LISTED = 10
REASON_MOST = 150


def calendar_said(key: str, data: Mapping[str, str]) -> Message:
    """For who keeps the rota: a calendar from elsewhere that cannot be read, or that names people who are not here."""
    name = f"The calendar *{kit.esc(key)}*"
    if "nobody" in data:
        text = f":question: {name} names people who are not here: {kit.esc(data['nobody'])}"
        return Message(f"The calendar {kit.esc(key)} names people who are not here", [kit.section(text)])
    read = f"What was read {kit.when(datetime.fromisoformat(data['since']))} stays in force." if "since" in data else ""
    later = (
        "It is tried again less often each time, until that is once a day; a change of the policy has it tried at once."
    )
    told = [f":warning: {name} cannot be read: {kit.esc(data['because'])}.", read, later if "later" in data else ""]
    text = " ".join(filter(None, told))
    return Message(f"The calendar {kit.esc(key)} cannot be read", [kit.section(text)])


_MENDED = {
    "no_such_subteam": "There is no such group. Mend `user_group` in the policy.",
    "user_group_disabled": "It is disabled. Enable it in Slack, or take `user_group` out of the policy.",
    "missing_scope": "The app lacks the scope `usergroups:write`, which is optional. Install it again with it.",
    "permission_denied": "The workspace lets admins alone change groups: Slack's settings → Permissions → User groups.",
    "plan_upgrade_required": "This workspace's Slack plan has no user groups.",
}


def user_group_said(title: str, data: Mapping[str, str]) -> Message:
    """For who keeps the rota: its user group in Slack does not follow it."""
    mended = _MENDED.get(data["error"].partition(":")[0], f"Slack says {kit.esc(data['error'])}.")
    text = f":warning: The user group {kit.esc(data['group'])} does not follow *{kit.esc(title)}*. {mended}"
    again = "It is tried again at each turn, and once a day."
    return Message(f"A user group does not follow {kit.esc(title)}", [kit.section(text), kit.context(again)])


def offer(row: OnCallOffer, title: str, now: datetime) -> Message:
    """For those who could take it; once it is over it says how, without buttons."""
    if row.asked:
        return exchange(row, title, now)
    text = f"{kit.mention(row.person)} asks for cover: *{kit.esc(title)}* {span(row.starts_at, row.ends_at)}"
    blocks = [kit.section(f":raising_hand: {text}")]
    if row.reason:
        blocks.append(kit.context(kit.esc(row.reason)))
    ended = _ended(row, now)
    if ended:
        blocks.append(kit.context(ended))
    else:
        blocks.append(
            kit.actions(
                kit.button(Action.ON_CALL_TAKE, "Take it", row.id, "primary"),
                kit.button(Action.ON_CALL_TAKE_PART, "Take a part…", row.id),
                kit.button(Action.ON_CALL_EXCHANGE, "For one of mine…", row.id),
            )
        )
    return Message(f"Cover wanted: {kit.esc(title)}", blocks)


def exchange(row: OnCallOffer, title: str, now: datetime) -> Message:
    """For whoever is asked, and for who asked once it is over: who has which time then."""
    text = f"{kit.mention(row.person)} asks {kit.mention(row.asked or '')} to exchange turns of *{kit.esc(title)}*"
    blocks = [kit.section(f":arrows_counterclockwise: {text}:\n{_both(row)}")]
    if row.reason:
        blocks.append(kit.context(kit.esc(row.reason)))
    if ended := _ended(row, now):
        blocks.append(kit.context(ended))
    else:
        blocks.append(
            kit.actions(
                kit.button(Action.ON_CALL_AGREE, "Exchange", row.id, "primary"),
                kit.button(Action.ON_CALL_DECLINE, "No", row.id),
            )
        )
    return Message(f"Exchange of turns: {kit.esc(title)}", blocks)


def _both(row: OnCallOffer) -> str:
    lines = [f"• {kit.mention(row.asked or '')} has {span(row.starts_at, row.ends_at)}"]
    if row.for_starts_at and row.for_ends_at:
        lines.append(f"• {kit.mention(row.person)} has {span(row.for_starts_at, row.for_ends_at)}")
    return "\n".join(lines)


def proposed(row: OnCallOffer, title: str) -> Message:
    """To whoever proposed it."""
    whom = kit.mention(row.asked or "")
    text = f":arrows_counterclockwise: {whom} was asked to exchange turns of *{kit.esc(title)}*. If they agree:"
    return Message(text, [kit.section(f"{text}\n{_both(row)}"), kit.context("Until then nothing changes.")])


def exchanged(done: Sequence[Changed]) -> Message:
    """To who agreed: the shifts of both spans, before and after."""
    lead = ":white_check_mark: You have exchanged your turns."
    return Message(lead, [kit.section(lead), *(block for one in done for block in _compared(one))])


def declined(row: OnCallOffer) -> Message:
    text = f"{kit.mention(row.person)} hears that you said no. Nothing changes."
    return Message(text, [kit.section(text)])


def exchange_form(found: Turns, zone: ZoneInfo, theirs: str = "") -> View:
    """One of mine for one of theirs. `theirs`: what they have on offer."""
    hint = f"{kit.mention(found.other)} is asked. Nothing changes until they agree. Times are by your clocks."
    mine = [_turn(one.start, one.end, zone) for one in found.mine]
    wanted = [_turn(one.start, one.end, zone) for one in found.theirs]
    blocks = [
        kit.context(hint),
        kit.ask(Field.MY_TURN, "My turn", kit.select(mine)),
        kit.ask(Field.THEIR_TURN, "For their turn", kit.select(wanted, theirs or None)),
        _why(),
    ]
    return kit.form(Form.ON_CALL_EXCHANGE, "Exchange turns", "Ask", blocks, f"{found.key} {found.other}")


def _turn(start: datetime, end: datetime, zone: ZoneInfo) -> Block:
    begins, ends = start.astimezone(zone), end.astimezone(zone)
    return kit.option(f"{wall_time(begins)} to {wall_time(ends)}", spanned(start, end))


def spanned(start: datetime, end: datetime) -> str:
    """A span as an option of a menu carries it."""
    return f"{start.isoformat()}/{end.isoformat()}"


def _ended(row: OnCallOffer, now: datetime) -> str:
    if row.standing == "taken" and row.asked:
        return f":white_check_mark: {kit.mention(row.asked)} agreed."
    if row.standing == "declined":
        return f"{kit.mention(row.asked or '')} said no. Nothing changed."
    if row.standing == "taken":
        return f":white_check_mark: {kit.mention(row.taken_by or '')} took it."
    if row.standing == "withdrawn":
        return "It was taken back."
    last = min(filter(None, (row.ends_at, row.for_ends_at)))
    return "It is over, and nobody took it." if last <= now else ""


def offered(row: OnCallOffer, title: str, asked: Sequence[str], room: str) -> Message:
    """To whoever offered it."""
    if room:
        whom = f"#{room} was asked"
    else:
        whom = f"{crew(asked)} {'were' if len(asked) > 1 else 'was'} asked" if asked else "There is nobody else to ask"
    text = (
        f":raising_hand: You offer *{kit.esc(title)}* {span(row.starts_at, row.ends_at)}. {whom}. "
        "It stays yours until somebody takes it."
    )
    return Message(text, [kit.section(text)])


def changed(one: Changed) -> Message:
    """To whoever changed it: the shifts before and after."""
    lead = f":white_check_mark: {said(one.row, kit.esc(one.title))}."
    return Message(lead, [kit.section(lead), *_compared(one)])


def _compared(one: Changed) -> list[Block]:
    return [
        kit.section(f"*Before*\n{_listed(one.before, one.row)}"),
        kit.section(f"*Now*\n{_listed(one.after, one.row)}"),
    ]


def _listed(found: Sequence[OnCallShift], row: OnCallOverride) -> str:
    """The shifts of what was laid over, and the time in it that nobody has."""
    told = [(one.start, f"• {span(one.start, one.end)}: {crew(one.people)}") for one in found]
    told += [(hole[0], f"• {span(*hole)}: nobody") for hole in gaps(found, row.starts_at, row.ends_at)]
    lines = [line for _, line in sorted(told)]
    more = [f"… and {len(lines) - LISTED} more"] if len(lines) > LISTED else []
    return "\n".join([*lines[:LISTED], *more])


def told(row: OnCallOverride, title: str, verb: str, reader: str) -> Message:
    """To those whose turns it is about."""
    what = said(row, kit.esc(title))
    if verb == WITHDRAWN or row.withdrawn_at:
        text = f":leftwards_arrow_with_hook: Taken back: {what}. It is as it was before."
    elif reader == row.comes:
        text = f":telephone_receiver: You are on call for *{kit.esc(title)}* {span(row.starts_at, row.ends_at)}."
        if row.leaves:
            text += f" You took it from {kit.mention(row.leaves)}."
    else:
        text = f"{what}."
    return Message(text, [kit.section(text)])


def away(row: OnCallOverride, found: Sequence[Changed]) -> Message:
    """To whoever is away: which turns nobody has now."""
    text = f":zzz: You are away {span(row.starts_at, row.ends_at)}: nobody calls you for any rota."
    blocks = [kit.section(text)]
    blocks += [kit.section(f"*{kit.esc(one.title)}* now:\n{_listed(one.after, row)}") for one in found[:LISTED]]
    if found:
        hint = "Where nobody is on call now, its group is told. Somebody else can take it over."
        blocks += [kit.context(hint), kit.actions(kit.button(Action.ON_CALL_TAKE_OVER, "Take over…"))]
    return Message(text, blocks)


def hand_over(shown: HandedOver, reader: str) -> Message:
    """For those who come and those who go: what is open, the note, and who has read it."""
    row, title = shown.row, kit.esc(shown.title)
    went, came = row.went.split(), row.came.split()
    if reader in came:
        lead = f":telephone_receiver: You are on call for *{title}*"
        lead += f", after {crew(went)}." if went else "."
    else:
        lead = f":wave: You are off call for *{title}*. "
        lead += f"{crew(came)} {'have' if len(came) > 1 else 'has'} it now." if came else ":warning: Nobody has it now."
    blocks = [kit.section(lead)]
    if row.note and row.noted_by:
        blocks.append(kit.section(f"*Note of {kit.mention(row.noted_by)}*\n{kit.quote(row.note)}"))
    blocks += [kit.section(_open(shown)), *_planned(shown)]
    if shown.user_group and not came and (group := user_group(shown.user_group, nobody=True)):
        blocks.append(kit.context(group))
    if row.acknowledged_by:
        blocks.append(kit.context(f":white_check_mark: {kit.mention(row.acknowledged_by)} has taken over."))
    buttons = []
    if reader in came and not row.acknowledged_by:
        buttons.append(kit.button(Action.HAND_OVER_ACKNOWLEDGE, "I have taken over", row.id, "primary"))
    if reader in went:
        buttons.append(kit.button(Action.HAND_OVER_NOTE, "Write a note…", row.id))
    return Message(lead, [*blocks, kit.actions(*buttons)] if buttons else blocks)


def _open(shown: HandedOver) -> str:
    lines = [
        f"• *{one.ref}* {Priority(one.priority).label} · {kit.excerpt(one.summary, 120)} · {one.state}"
        + (f" · {kit.mention(one.assignee)}" if one.assignee else "")
        for one in shown.incidents[:LISTED]
    ]
    more = [f"… and {len(shown.incidents) - LISTED} more"] if len(shown.incidents) > LISTED else []
    if not lines:
        return ":sparkles: No open incident is of its services, or with who goes."
    return "\n".join(["*Open incidents*", *lines, *more])


def _planned(shown: HandedOver) -> list[Block]:
    lines = [
        f"• *{one.ref}* {kit.excerpt(one.title, 120)} · {span(one.starts_at, one.ends_at)}"
        for one in shown.planned[:LISTED]
    ]
    return [kit.section("\n".join(["*In the next 24 hours*", *lines]))] if lines else []


def unacknowledged(shown: HandedOver, reader: str) -> Message:
    came, went = crew(shown.row.came.split()), shown.row.went.split()
    text = f":warning: {came} came on call for *{kit.esc(shown.title)}* and has not said so yet."
    if reader in went:
        text += " Stay reachable until then."
    elif went:
        text += f" {crew(went)} had it before."
    by, message = shown.row.acknowledged_by, Message(text, [kit.section(text)])
    return ended(message, f"{kit.mention(by)} has taken over." if by else "")


def rota_options(titles: Mapping[str, str]) -> list[Block]:
    return [kit.option(named, name) for name, named in titles.items()]


def span_form(
    titles: Mapping[str, str], form: Form, title: str, submit: str, hint: str, *, key: str, at: datetime
) -> View:
    """A rota, from when until when, and why. `titles` are the rotas'."""
    begins = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    choices = rota_options(titles)
    chosen = key or (next(iter(titles)) if len(titles) == 1 else None)
    which = [kit.ask(Field.ROTA, "Rota", kit.select(choices, chosen))] if form is not Form.ON_CALL_AWAY else []
    blocks = [kit.context(hint), *which, *_times(begins, begins + timedelta(days=1))]
    return kit.form(form, title, submit, [*blocks, _why()])


def part_form(row: OnCallOffer, title: str) -> View:
    """A part of an offer; the rest stays on offer."""
    hint = f"{kit.mention(row.person)} offers {kit.esc(title)} {span(row.starts_at, row.ends_at)}."
    blocks = [kit.context(hint), *_times(row.starts_at, row.ends_at)]
    return kit.form(Form.ON_CALL_PART, "Take a part", "Take it", blocks, row.id)


def note_form(number: int, note: str) -> View:
    asked = kit.ask(Field.COMMENT, "What should they know?", kit.text_input(note, most=2000, lines=True))
    return kit.form(Form.HAND_OVER_NOTE, "Note", "Save", [asked], number)


def _times(since: datetime, until: datetime) -> list[Block]:
    return [
        kit.ask(Field.STARTS_AT, "From", kit.datetime_input(since)),
        kit.ask(Field.ENDS_AT, "Until", kit.datetime_input(until)),
    ]


def _why() -> Block:
    return kit.ask(Field.WHY, "Why", kit.text_input(most=REASON_MOST), optional=True)
