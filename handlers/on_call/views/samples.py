"""Samples of all that is drawn of turns, for the gallery."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.rules.on_call.load import Load
from bot.rules.on_call.shifts import OnCallShift
from bot.rules.policy.policy import Policy
from bot.usecases.calendar.handed_over import HandedOver
from bot.usecases.on_call.changes import SWAP, Changed
from bot.usecases.on_call.exchanges import Turns
from bot.usecases.on_call.lists import Laid, Loads, Mine, Standing, Weeks
from handlers.blocks.samples import AGENT, APPROVER, AT, REQUESTER, Drawn, said
from handlers.ids import Form
from handlers.incident.views import samples as incident_samples
from handlers.on_call.views import lists, messages
from storage.tables import OnCallHandOver, OnCallOffer, OnCallOverride

WEEK = timedelta(weeks=1)


def drawn(policy: Policy, words: dict[str, str]) -> dict[str, Drawn]:
    title, reason = words.get("summary", "VPN")[:60], words.get("description", "A family day")[:150]
    turns = [_turn(number) for number in range(120)]
    gap = (AT + WEEK, AT + 2 * WEEK)
    standing = Standing("vpn", title, "Europe/London", turns[0], turns[1], [gap] * 9)
    nobody = Standing("mail", title, "UTC", None, None)
    over = _override(reason)
    offer, swap = _offer(reason), _exchange(reason)
    changed = Changed("vpn", title, over, turns[:1], turns[:30])
    given = OnCallHandOver(
        id=3, rota="vpn", at=AT, went=AGENT, came=f"{REQUESTER} {APPROVER}", note=reason, noted_by=AGENT
    )
    shown = HandedOver(given, title, policy, [one.record for one in incident_samples.waits(policy, words)] * 6, [])
    done = HandedOver(
        given.model_copy(update={"acknowledged_by": REQUESTER, "acknowledged_at": AT}), title, policy, [], []
    )
    weeks = Weeks("vpn", title, "Europe/London", AT, AT + 4 * WEEK, turns, [gap])
    rotas = {key: one.title or key for key, one in policy.rotas.items()} or {"vpn": title}
    forms = {
        f"form {form}": messages.span_form(rotas, form, "Title", "Send", "A hint.", key="", at=AT)
        for form in (Form.ON_CALL_TAKE_OVER, Form.ON_CALL_OFFER, Form.ON_CALL_AWAY)
    }
    return {
        "on call": said(lists.now_and_next([standing, nobody] * 20)),
        "on call, weeks": said(lists.weeks(weeks)),
        "on call, weeks in a modal": lists.weeks_view(weeks),
        "on call, my turns": said(lists.mine(Mine([(title, one) for one in turns], [over]))),
        "on call, my turns in a modal": lists.mine_view(Mine([], [])),
        "on call, changes": said(
            lists.laid_over(Laid({"vpn": title}, [over] * 30, [offer] * 30, theirs=[over.id], takes=[offer.id]), AGENT)
        ),
        "on call, my offers": said(
            lists.laid_over(Laid({"vpn": title}, [], [offer], theirs_on_offer=[offer.id]), REQUESTER)
        ),
        "on call, address": said(lists.subscribed("https://desk.example.com/calendar/abc", ["vpn"] * 20)),
        "on call, address known": said(lists.subscribed("", [])),
        "on call, no changes": said(lists.laid_over(Laid({}, [], []), AGENT)),
        "on call, load": said(lists.loads(Loads(title, "UTC", AT, AT + WEEK, [Load(AGENT, 3, 168, 63, 48, 24)] * 30))),
        "on call, calendar failed": said(messages.calendar_said("holidays", {"because": "its host answered 404"})),
        "on call, calendar stays": said(
            messages.calendar_said("holidays", {"because": "its host answered 404", "since": AT.isoformat()})
        ),
        "on call, calendar of strangers": said(
            messages.calendar_said("holidays", {"nobody": words.get("title", "Dispatcher")})
        ),
        "on call, gaps": said(lists.gaps_said(title, [gap] * 30)),
        "turn offered": said(messages.offer(offer, title, AT)),
        "turn offered, taken": said(messages.offer(_offer(reason, "taken"), title, AT)),
        "turn offered, answer": said(messages.offered(offer, title, [AGENT, APPROVER], "")),
        "exchange asked": said(messages.offer(swap, title, AT)),
        "exchange agreed": said(messages.offer(_exchange(reason, "taken"), title, AT)),
        "exchange declined": said(messages.offer(_exchange(reason, "declined"), title, AT)),
        "exchange proposed": said(messages.proposed(swap, title)),
        "exchange done": said(messages.exchanged([changed, changed])),
        "exchange refused": said(messages.declined(swap)),
        "exchanges listed": said(lists.laid_over(Laid({"vpn": title}, [], [swap], theirs_on_offer=[swap.id]), AGENT)),
        "form exchange": messages.exchange_form(Turns("vpn", title, AGENT, turns[:50], turns[:50]), ZoneInfo("UTC")),
        "turn changed": said(messages.changed(changed)),
        "turn changed, told": said(messages.told(over, title, "made", AGENT)),
        "turn changed, taken back": said(messages.told(over, title, "withdrawn", APPROVER)),
        "away": said(messages.away(over, [changed] * 3)),
        "hand-over": said(messages.hand_over(shown, REQUESTER)),
        "hand-over, off": said(messages.hand_over(shown, AGENT)),
        "hand-over, acknowledged": said(messages.hand_over(done, APPROVER)),
        "hand-over, not acknowledged": said(messages.unacknowledged(shown, AGENT)),
        "form part of a turn": messages.part_form(offer, title),
        "form hand-over note": messages.note_form(3, reason),
        **forms,
    }


def _turn(number: int) -> OnCallShift:
    who = (AGENT, APPROVER) if number % 2 else (REQUESTER,)
    return OnCallShift(AT + number * WEEK, AT + (number + 1) * WEEK, who, 1, f"turn {number + 1} of layer 1")


def _override(reason: str) -> OnCallOverride:
    return OnCallOverride(
        id=7,
        rota="vpn",
        kind=SWAP,
        starts_at=AT,
        ends_at=AT + WEEK,
        comes=AGENT,
        leaves=REQUESTER,
        reason=reason,
        made_by=REQUESTER,
        made_at=AT,
    )


def _exchange(reason: str, standing: str = "open") -> OnCallOffer:
    theirs = {"asked": AGENT, "for_starts_at": AT + WEEK, "for_ends_at": AT + 2 * WEEK}
    return _offer(reason, standing).model_copy(update=theirs)


def _offer(reason: str, standing: str = "open") -> OnCallOffer:
    return OnCallOffer(
        id=5,
        rota="vpn",
        standing=standing,
        person=REQUESTER,
        starts_at=AT,
        ends_at=AT + WEEK,
        reason=reason,
        offered_at=AT,
        taken_by=AGENT,
    )
