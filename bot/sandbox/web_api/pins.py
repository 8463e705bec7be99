"""pins.*: messages fixed to a channel."""

from bot.sandbox import messages, objects
from bot.sandbox.state import Channel, Json, Message, SlackError
from bot.sandbox.web_api.arguments import Ask, answers

MOST = 100


def _pinned(place: Channel, said: Message) -> Json | None:
    return next((pin for pin in place.pins if pin["message"]["ts"] == said.ts), None)


def _message(ask: Ask) -> tuple[Channel, Message]:
    place = ask.place(member=True)
    return place, ask.message(place)


@answers("pins.add")
def add(ask: Ask) -> Json:
    place, said = _message(ask)
    if _pinned(place, said) is not None:
        raise SlackError("already_pinned")
    if len(place.pins) >= MOST:
        raise SlackError("too_many_pins")
    slack, now = ask.slack, objects.seconds(ask.slack.clock.now())
    pin: Json = {
        "type": "message",
        "created": now,
        "created_by": slack.bot_user.id,
        "channel": place.id,
        "message": objects.message(slack, said),
    }
    place.pins.insert(0, pin)
    told = {"user": slack.bot_user.id, "channel_id": place.id, "item": dict(pin), "item_user": said.user}
    info = {"channel": place.id, "pinned_by": slack.bot_user.id, "pinned_ts": now}
    slack.emit("pin_added", told | {"pin_count": len(place.pins), "pinned_info": info})
    messages.touched(slack, place, said)
    return {}


@answers("pins.list")
def list_pins(ask: Ask) -> Json:
    return {"items": [dict(pin) for pin in ask.place(member=True).pins]}


@answers("pins.remove")
def remove(ask: Ask) -> Json:
    place, said = _message(ask)
    pin = _pinned(place, said)
    if pin is None:
        raise SlackError("no_pin")
    place.pins.remove(pin)
    messages.touched(ask.slack, place, said)
    return {}
