"""Who is on call, as lists."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.rules.on_call.load import in_words
from bot.rules.on_call.shifts import OnCallShift, Span
from bot.usecases.on_call.lists import Laid, Loads, Mine, OnCallNow, Standing, Weeks
from bot.usecases.on_call.rotas import is_user_name
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action
from storage.tables import OnCallOffer, OnCallOverride, OnCallUserGroup

ROTAS_MOST = 30
LINES, SHOWN_MOST = 10, 100
"""Shifts in a section, and in a list."""


def crew(people: Iterable[str]) -> str:
    """“@a and @b”; of a user name that nobody has, the name."""
    return " and ".join(f"{kit.esc(one)} (not known here)" if is_user_name(one) else kit.mention(one) for one in people)


def span(since: datetime, until: datetime) -> str:
    return f"{kit.when(since)} to {kit.when(until)}"


def now_and_next(found: Sequence[Standing]) -> Message:
    blocks = [kit.header("On call"), *(_standing(one) for one in found[:ROTAS_MOST])]
    if len(found) > ROTAS_MOST:
        blocks.append(kit.context(f"{len(found) - ROTAS_MOST} more; `/oncall ROTA` shows one."))
    return Message("Who is on call", [*blocks, kit.actions(*BUTTONS)])


BUTTONS = (
    kit.button(Action.ON_CALL_TAKE_OVER, "Take over…"),
    kit.button(Action.ON_CALL_OFFER_TURN, "Offer my turn…"),
    kit.button(Action.ON_CALL_AWAY, "I am away…"),
    kit.button(Action.ON_CALL_MINE, "My turns"),
)


def _standing(one: Standing) -> Block:
    who = f":telephone_receiver: {crew(one.turn.people)}" if one.turn else ":warning: Nobody"
    until = f" until {kit.when(one.turn.end)}" if one.turn and one.following else ""
    lines = [f"*{kit.esc(one.title)}*", f"{who}{until}"]
    if one.user_group and (group := user_group(one.user_group, nobody=one.turn is None)):
        lines.append(group)
    if one.following:
        lines.append(f"Then {crew(one.following.people)} from {kit.when(one.following.start)}")
    if one.gaps:
        more = f", and {len(one.gaps) - 1} more times" if len(one.gaps) > 1 else ""
        lines.append(f":warning: Nobody {span(*one.gaps[0])}{more}")
    return kit.section("\n".join(lines)) | {"accessory": kit.button(Action.ON_CALL_WEEKS, "Coming weeks", one.key)}


def user_group(known: OnCallUserGroup, *, nobody: bool) -> str:
    """Who is in the user group that follows a rota. Its handle is said without ringing anybody."""
    name = f"@{kit.esc(known.handle or known.id)}"
    if known.error:
        return f":warning: {name} does not follow: {kit.esc(known.error)}"
    if not known.people:
        return ""
    has = "still has" if nobody else "has"
    why = ", since Slack keeps no group empty" if nobody else ""
    return f"{name} {has} {crew(known.people.split())}{why}"


def weeks(found: Weeks) -> Message:
    return Message(f"On call: {kit.esc(found.title)}", [kit.header(f"{found.title}: on call"), *_weeks(found)])


def weeks_view(found: Weeks) -> View:
    return kit.list_view(found.title, _weeks(found))


def _weeks(found: Weeks) -> list[Block]:
    lines = [(one.start, _shift(one)) for one in found.shifts]
    lines += [(hole[0], f"• {span(*hole)}: :warning: nobody") for hole in found.gaps]
    said = [line for _, line in sorted(lines)]
    left = [kit.context(f"{len(said) - SHOWN_MOST} more.")] if len(said) > SHOWN_MOST else []
    whole = f"{span(found.begin, found.end)}. Hand-overs by the clocks of {found.zone}; shown by yours."
    return [*_sections(said[:SHOWN_MOST] or ["Nobody is on call in this time."]), *left, kit.context(whole)]


def _shift(one: OnCallShift) -> str:
    return f"• {span(one.start, one.end)}: {crew(one.people)}  _{kit.excerpt(one.because, 90)}_"


def _sections(lines: Sequence[str]) -> list[Block]:
    return [kit.section("\n".join(lines[at : at + LINES])) for at in range(0, len(lines), LINES)]


def mine(found: Mine) -> Message:
    text, blocks = "Your turns", _mine(found)
    return Message(text, [kit.header("Your turns"), *blocks, kit.actions(*BUTTONS[1:3])])


def mine_view(found: Mine) -> View:
    return kit.list_view("Your turns", [*_mine(found), kit.actions(*BUTTONS[1:3])])


def _mine(found: Mine) -> list[Block]:
    lines = [f"• *{kit.esc(title)}* {span(one.start, one.end)}" for title, one in found.turns]
    lines += [f"• :zzz: Away {span(one.starts_at, one.ends_at)}" for one in found.absences]
    return _sections(kit.first(lines, SHOWN_MOST) or ["You are not on call in the next five weeks."])


def loads(found: Loads) -> Message:
    """Who was on call for how long, the most first."""
    lines = [f"• {crew([one.person])}: {in_words(one)}" for one in found.loads]
    whole = (
        f"{span(found.begin, found.end)}, by the policy in force now. Nights are 22:00 to 07:00 by the clocks of "
        f"{found.zone}; a night at a weekend is counted in both."
    )
    blocks = [kit.header(f"{found.title}: load"), *_sections(kit.first(lines, SHOWN_MOST) or ["Nobody was on call."])]
    return Message(f"On call: load of {kit.esc(found.title)}", [*blocks, kit.context(whole)])


def subscribed(root: str, keys: Sequence[str]) -> Message:
    """The one time that the address is shown; to who has one already, what is put behind it."""
    rotas = kit.some([f"`/on-call/{key}.ics`" for key in keys], 10)
    whole = f"`{root}/on-call.ics`" if root else "the one that you have, with `/on-call.ics` in the place of `.ics`"
    lines = [
        f":calendar: The address of your turns, for your calendar program: {whole}.",
        *([f"A whole rota ends in {rotas} instead."] if rotas else []),
        "It is the same personal address as that of the change calendar: keep it to yourself. It is shown this once"
        " only; `/change calendar subscribe` makes a new one.",
    ]
    return Message("Your turns in your calendar", [kit.section("\n".join(lines))])


def on_home(found: Sequence[OnCallNow]) -> list[Block]:
    """“You are on call for VPN until …”, on App Home, with what is to be acknowledged."""
    said = [f"*{kit.esc(one.title)}*{f' until {kit.when(one.until)}' if one.until else ''}" for one in found]
    if not said:
        return []
    more = kit.button(Action.ON_CALL_MINE, "My turns")
    blocks = [kit.section(f":telephone_receiver: You are on call for {kit.some(said, 10)}.") | {"accessory": more}]
    for one in found[:10]:
        if one.hand_over is not None:
            text = f"*{kit.esc(one.title)}*: who was on call before you is called too, until you say so."
            pressed = kit.button(Action.HAND_OVER_ACKNOWLEDGE, "I have taken over", one.hand_over, "primary")
            blocks.append(kit.section(text) | {"accessory": pressed})
    return blocks


def asked_for(found: Laid) -> list[Block]:
    """In “Waiting for you”: exchanges of turns, to be agreed to."""
    rows = [_exchange(one, kit.esc(found.titles.get(one.rota, one.rota)), one.asked or "") for one in found.offers[:5]]
    more = len(found.offers) - len(rows)
    return [*rows, *([kit.context(f"{more} more: `/oncall changes` shows them.")] if more else [])]


def laid_over(found: Laid, reader: str) -> Message:
    """What was changed, with what takes it back."""
    blocks = [_row(one, found) for one in found.rows[:20]]
    blocks += [_offer(one, found, reader) for one in found.offers[:20]]
    more = len(found.rows[20:]) + len(found.offers[20:])
    blocks += [kit.context(f"{more} more.")] if more else []
    nothing = kit.section("Nothing was changed in Slack: all is as the policy has it.")
    return Message("Changes to rotas", [kit.header("Changes to rotas"), *(blocks or [nothing])])


def _row(row: OnCallOverride, found: Laid) -> Block:
    title = kit.esc(found.titles.get(row.rota, row.rota))
    back = kit.button(Action.ON_CALL_TAKE_BACK, "Take back", row.id)
    return kit.section(f"{said(row, title)}.") | ({"accessory": back} if row.id in found.theirs else {})


def said(row: OnCallOverride, title: str) -> str:
    """“@b is on call for VPN … instead of @a (reason)”."""
    reason = f" ({kit.esc(row.reason)})" if row.reason else ""
    when = span(row.starts_at, row.ends_at)
    if row.comes is None:
        return f":zzz: {kit.mention(row.leaves or '')} is away {when}{reason}"
    instead = f" instead of {kit.mention(row.leaves)}" if row.leaves else ""
    return f":telephone_receiver: {kit.mention(row.comes)} is on call for *{title}* {when}{instead}{reason}"


def _offer(row: OnCallOffer, found: Laid, reader: str) -> Block:
    title = kit.esc(found.titles.get(row.rota, row.rota))
    if row.asked:
        return _exchange(row, title, reader, may_take_back=row.id in found.theirs_on_offer)
    text = f":raising_hand: {kit.mention(row.person)} offers *{title}* {span(row.starts_at, row.ends_at)}"
    reason = f"\n{kit.quote(row.reason)}" if row.reason else ""
    block = kit.section(f"{text}.{reason}")
    if row.id in found.takes:
        return block | {"accessory": kit.button(Action.ON_CALL_TAKE, "Take it", row.id)}
    return block | (_taken_back(row) if row.id in found.theirs_on_offer else {})


def _taken_back(row: OnCallOffer) -> Block:
    return {"accessory": kit.button(Action.ON_CALL_OFFER_BACK, "Take back", row.id)}


def _exchange(row: OnCallOffer, title: str, reader: str, *, may_take_back: bool = False) -> Block:
    theirs = f"{span(row.for_starts_at, row.for_ends_at)}" if row.for_starts_at and row.for_ends_at else ""
    text = (
        f":arrows_counterclockwise: {kit.mention(row.person)} asks {kit.mention(row.asked or '')} to take *{title}* "
        f"{span(row.starts_at, row.ends_at)} for {theirs}."
    )
    block = kit.section(text)
    if reader == row.asked:
        return block | {"accessory": kit.button(Action.ON_CALL_AGREE, "Exchange", row.id)}
    return block | (_taken_back(row) if may_take_back else {})


def gaps_said(title: str, holes: Sequence[Span]) -> Message:
    """For the rota's group: time ahead that nobody has."""
    lines = [f"• {span(*one)}" for one in holes]
    lead = f":warning: Nobody is on call for *{kit.esc(title)}* in this time:"
    more = [kit.context(f"{len(lines) - 20} more times.")] if len(lines) > 20 else []
    blocks = [kit.section(lead), *_sections(lines[:20]), *more, kit.actions(BUTTONS[0])]
    return Message(f"Nobody is on call for {kit.esc(title)} at times ahead", blocks)
