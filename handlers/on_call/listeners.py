"""`/oncall`: who is on call, now and next; turns are taken over and offered, and who is away says so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.calendar.refusals import NoAddress
from bot.rules.on_call.refusals import NoRotas
from bot.rules.on_call.typed import Typed, span
from bot.rules.policy.policy import Policy
from bot.rules.record.refusals import StandsAlone
from bot.usecases import people
from bot.usecases.calendar import feed
from bot.usecases.on_call import changes, hand_overs, lists, offers
from bot.usecases.on_call.lists import Weeks
from bot.usecases.policy import in_force
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.ids import Action, Command, Field, Form
from handlers.on_call import exchanges, messages
from handlers.on_call.views import lists as list_views
from handlers.on_call.views import messages as views
from handlers.records import menus, replies
from handlers.records.commands import Asked, Listener, Verb, anything, finds, word
from handlers.records.form_values import Filled
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.request.context import RequestContext

LABELS = {
    Form.ON_CALL_TAKE_OVER: ("Take over", "Take over", "You are on call in this time instead of whoever has it."),
    Form.ON_CALL_OFFER: ("Offer my turn", "Offer", "Others are asked. It stays yours until somebody takes it."),
    Form.ON_CALL_AWAY: ("I am away", "Save", "Nobody calls you in this time, for any rota."),
}
OPENS = {
    Form.ON_CALL_TAKE_OVER: Action.ON_CALL_TAKE_OVER,
    Form.ON_CALL_OFFER: Action.ON_CALL_OFFER_TURN,
    Form.ON_CALL_AWAY: Action.ON_CALL_AWAY,
}


async def _named(tx: AsyncSession, asked: Asked) -> bool:
    """Whether it is a rota, and a time behind it. Raises what `show` raises."""
    _, rest = lists.required((await in_force(tx)).policy, asked.text.strip())
    return not rest or bool(span(rest, await people.zone(tx, asked.turn.person), asked.turn.now))


async def show(asked: Asked) -> None:
    """`/oncall`, `/oncall vpn`, `/oncall vpn next week`."""
    turn, typed = asked.turn, asked.text.strip()
    async with turn.read() as tx:
        if not typed:
            message = list_views.now_and_next(await lists.now_and_next(tx, by=turn.person, now=turn.now))
        else:
            key, rest = lists.required((await in_force(tx)).policy, typed)
            zone = await people.zone(tx, turn.person)
            looked = span(rest, zone, turn.now) if rest else Typed(turn.now, turn.now + lists.WEEKS, "")
            found = await lists.weeks(tx, key, looked.since, looked.until, by=turn.person)
            message = list_views.weeks(found)
    await replies.say(asked.ack, message)


async def show_mine(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        found = await lists.mine(tx, by=asked.turn.person, now=asked.turn.now)
    await replies.say(asked.ack, list_views.mine(found))


async def show_load(asked: Asked) -> None:
    turn = asked.turn
    async with turn.read() as tx:
        key, rest = lists.chosen((await in_force(tx)).policy, _behind(asked.text, "load"), "/oncall load")
        if rest:
            raise StandsAlone(typed=f"/oncall load {key}")
        found = await lists.loads(tx, key, by=turn.person, now=turn.now)
    await replies.say(asked.ack, list_views.loads(found))


async def show_changes(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        found = await lists.laid_over(tx, by=asked.turn.person, now=asked.turn.now)
    await replies.say(asked.ack, list_views.laid_over(found, asked.turn.person))


async def subscribe(asked: Asked) -> None:
    """The personal address of the change calendar reads turns too."""
    turn = asked.turn
    if not turn.public_url:
        raise NoAddress()
    async with turn.begin() as tx:
        since = await feed.made_at(tx, turn.person)
        token = await feed.make(tx, by=turn.person, now=turn.now) if since is None else ""
        keys = list((await in_force(tx)).policy.rotas)
    root = f"{turn.public_url}/calendar/{token}" if token else ""
    await replies.say(asked.ack, list_views.subscribed(root, keys))


async def take_over_typed(asked: Asked) -> None:
    """“take over vpn from Friday 18:00 to Monday 9:00 a fair”; a form without the times."""
    turn, typed = asked.turn, _behind(asked.text, "take", "over")
    if not await _has_span(turn, typed):
        await _opens(asked, Form.ON_CALL_TAKE_OVER, typed)
        return
    async with turn.begin() as tx:
        key, rest = lists.chosen((await in_force(tx)).policy, typed, "/oncall take over")
        read = span(rest, await people.zone(tx, turn.person), turn.now)
        done = await changes.take_over(tx, key, read.since, read.until, read.words, by=turn.person, now=turn.now)
    await replies.say(asked.ack, views.changed(done))


async def offer_typed(asked: Asked) -> None:
    """“offer my turn vpn from … to …”; without times my turn that runs, or the next."""
    turn, typed = asked.turn, _behind(asked.text, "offer", "swap", "my", "turn")
    if not typed:
        await _opens(asked, Form.ON_CALL_OFFER, typed)
        return
    async with turn.begin() as tx:
        policy = (await in_force(tx)).policy
        key, rest = lists.chosen(policy, typed, "/oncall offer")
        if rest:
            read = span(rest, await people.zone(tx, turn.person), turn.now)
        else:
            read = await _next_turn(tx, key, turn)
        message = await _offered(tx, key, read, turn)
    await replies.say(asked.ack, message)


async def away_typed(asked: Asked) -> None:
    turn, typed = asked.turn, _behind(asked.text, "away")
    if not typed:
        await _opens(asked, Form.ON_CALL_AWAY, typed)
        return
    async with turn.begin() as tx:
        read = span(typed, await people.zone(tx, turn.person), turn.now)
        row, found = await changes.away(tx, read.since, read.until, read.words, by=turn.person, now=turn.now)
    await replies.say(asked.ack, views.away(row, found))


async def form_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    form = next(form for form, opens in OPENS.items() if opens == action["action_id"])
    await replies.show_view(client, body, await _form(turn, form, str(action.get("value") or "")))
    await ack()


async def mine_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    async with turn.read() as tx:
        found = await lists.mine(tx, by=turn.person, now=turn.now)
    await replies.show_view(client, body, list_views.mine_view(found))
    await ack()


async def weeks_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        key, _ = lists.required((await in_force(tx)).policy, str(action["value"]))
        found: Weeks = await lists.weeks(tx, key, turn.now, by=turn.person)
    await replies.show_view(client, body, list_views.weeks_view(found))
    await ack()


async def take_clicked(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond, turn: RequestContext) -> None:
    """The first has it; the others hear who that is."""
    async with turn.begin() as tx:
        done = await offers.take(tx, int(action["value"]), by=turn.person, now=turn.now)
    await ack()
    await _whisper(respond, views.changed(done))


async def take_part_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        row = await offers.get(tx, int(action["value"]), turn.now)
        title = changes.title_of((await in_force(tx)).policy, row.rota)
    await client.views_open(trigger_id=body["trigger_id"], view=views.part_form(row, title))
    await ack()


async def take_back_clicked(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond, turn: RequestContext) -> None:
    async with turn.begin() as tx:
        await changes.withdraw(tx, int(action["value"]), by=turn.person, now=turn.now)
    await ack()
    await _list_anew(respond, turn)


async def offer_back_clicked(
    ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond, turn: RequestContext
) -> None:
    async with turn.begin() as tx:
        await offers.withdraw(tx, int(action["value"]), by=turn.person, now=turn.now)
    await ack()
    await _list_anew(respond, turn)


async def acknowledge_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    async with turn.begin() as tx:
        await hand_overs.acknowledge(tx, int(action["value"]), by=turn.person, now=turn.now)
    await ack()


async def note_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        row = await hand_overs.get(tx, int(action["value"]))
    await client.views_open(trigger_id=body["trigger_id"], view=views.note_form(row.id or 0, row.note or ""))
    await ack()


async def taken_over(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled, (since, until, why) = Filled(view), _filled(view)
    async with turn.begin() as tx:
        key = filled.choice(Field.ROTA)
        done = await changes.take_over(tx, key, since, until, why, by=turn.person, now=turn.now)
    await _answer(ack, views.changed(done))


async def offered(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled, read = Filled(view), Typed(*_filled(view))
    async with turn.begin() as tx:
        message = await _offered(tx, filled.choice(Field.ROTA), read, turn)
    await _answer(ack, message)


async def gone_away(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    since, until, why = _filled(view)
    async with turn.begin() as tx:
        row, found = await changes.away(tx, since, until, why, by=turn.person, now=turn.now)
    await _answer(ack, views.away(row, found))


async def part_taken(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled, (since, until, _) = Filled(view), _filled(view)
    async with turn.begin() as tx:
        done = await offers.take(tx, int(filled.kept), since, until, by=turn.person, now=turn.now)
    await _answer(ack, views.changed(done))


async def noted(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        await hand_overs.note(tx, int(filled.kept), filled.text(Field.COMMENT), by=turn.person, now=turn.now)
    await ack()


def _filled(view: dict[str, Any]) -> tuple[datetime, datetime, str]:
    filled = Filled(view)
    return filled.instant(Field.STARTS_AT), filled.instant(Field.ENDS_AT), filled.text(Field.WHY)


async def _answer(ack: AsyncAck, message: Message) -> None:
    """The form says what came of it."""
    await ack(response_action="update", view=kit.list_view("On call", message.blocks))


async def _whisper(respond: AsyncRespond, message: Message) -> None:
    await respond(text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False)


async def _list_anew(respond: AsyncRespond, turn: RequestContext) -> None:
    async with turn.read() as tx:
        found = await lists.laid_over(tx, by=turn.person, now=turn.now)
    message = list_views.laid_over(found, turn.person)
    await respond(text=message.text, blocks=message.blocks, replace_original=True)


async def _offered(tx: Any, key: str, read: Typed, turn: RequestContext) -> Message:
    row, asked = await offers.offer(tx, key, read.since, read.until, read.words, by=turn.person, now=turn.now)
    policy = (await in_force(tx)).policy
    room = policy.rotas[key].channel
    return views.offered(row, changes.title_of(policy, key), asked, policy.channel(room) if room else "")


async def _next_turn(tx: Any, key: str, turn: RequestContext) -> Typed:
    """My turn of a rota that runs, or the next. Raises NotYourTurn."""
    since, until = await offers.next_turn(tx, key, by=turn.person, now=turn.now)
    return Typed(since, until, "")


async def _has_span(turn: RequestContext, typed: str) -> bool:
    """Whether more than a rota was typed."""
    async with turn.read() as tx:
        _, rest = lists.named((await in_force(tx)).policy, typed)
    return bool(rest)


async def _opens(asked: Asked, form: Form, typed: str) -> None:
    await asked.opens(await _form(asked.turn, form, typed), kit.button(OPENS[form], LABELS[form][0], typed[:40]))


async def _form(turn: RequestContext, form: Form, typed: str) -> View:
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        await people.member(tx, turn.person)
        if not policy.rotas:
            raise NoRotas()
        key, _ = lists.named(policy, typed)
        titles = _titles(policy)
    return views.span_form(titles, form, *LABELS[form], key=key, at=turn.now)


def _titles(policy: Policy) -> dict[str, str]:
    return {one: changes.title_of(policy, one) for one in policy.rotas}


def _behind(text: str, *words: str) -> str:
    """What stands behind the first words."""
    rest = text.strip()
    while rest and rest.split(None, 1)[0].lower() in words:
        rest = rest.partition(rest.split(None, 1)[0])[2].strip()
    return rest


COMMANDS = Table(
    Command.ON_CALL,
    "Who is on call",
    own=[
        Verb("mine", "your turns", show_mine, word("mine")),
        Verb(
            "take over [ROTA] [from … to …] [why]",
            "be on call instead of whoever has it",
            take_over_typed,
            replies.begins("take"),
        ),
        Verb(
            "offer my turn [ROTA] [from … to …] [why]",
            "ask others to take a turn of yours",
            offer_typed,
            replies.begins("offer"),
        ),
        Verb("exchange [ROTA] @person", "your turn for one of theirs", exchanges.typed, replies.begins("exchange")),
        Verb("swap [ROTA] [from … to …]", "the same", offer_typed, replies.begins("swap")),
        Verb("away [from … to …] [why]", "nobody calls you in that time", away_typed, replies.begins("away")),
        Verb("load [ROTA]", "for how long everybody was on call", show_load, replies.begins("load")),
        Verb("calendar", "an address that your calendar program can read", subscribe, word("calendar")),
        Verb("changes", "what was changed in Slack, and what is on offer", show_changes, word("changes")),
        Verb("[ROTA] [this week|next week]", "who is on call, now and next; a rota's coming weeks", show, anything),
    ],
    finds=finds(_named),
)
ACTIONS: dict[str, Listener] = {
    **dict.fromkeys(OPENS.values(), form_clicked),
    Action.ON_CALL_MINE: mine_clicked,
    Action.ON_CALL_WEEKS: weeks_clicked,
    Action.ON_CALL_TAKE: take_clicked,
    Action.ON_CALL_TAKE_PART: take_part_clicked,
    Action.ON_CALL_TAKE_BACK: take_back_clicked,
    Action.ON_CALL_OFFER_BACK: offer_back_clicked,
    Action.HAND_OVER_ACKNOWLEDGE: acknowledge_clicked,
    Action.HAND_OVER_NOTE: note_clicked,
    **exchanges.ACTIONS,
}
SUBMISSIONS: Mapping[str, Listener] = {
    Form.ON_CALL_TAKE_OVER: taken_over,
    Form.ON_CALL_OFFER: offered,
    Form.ON_CALL_AWAY: gone_away,
    Form.ON_CALL_PART: part_taken,
    Form.HAND_OVER_NOTE: noted,
    **exchanges.SUBMISSIONS,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    actions=ACTIONS,
    submissions=SUBMISSIONS,
    renderers=messages.RENDERERS,
    options={Field.ROTA: menus.offering(lambda policy: views.rota_options(_titles(policy)))},
)
