"""What people hear of a message that was given up."""

from bot.rules.delivery.undelivered import Cause
from bot.rules.record.notices import MAIL_LANE
from bot.usecases.delivery.undelivered import Undelivered
from handlers.blocks import kit
from handlers.blocks.kit import Message

LANES_NAMED = 10


def undelivered(what: Undelivered) -> Message:
    about = f" about *{what.ref}*" if what.ref else ""
    title = f"A message{f' about {what.ref}' if what.ref else ''} was not delivered"
    if not what.lanes:
        return _said(title, f":white_check_mark: The message{about} that was not delivered has arrived since.")
    return _said(title, _to_reader(what, about) if what.mine else _to_others(what, about))


def _to_reader(what: Undelivered, about: str) -> str:
    name = _name(what)
    if what.redrawn:
        says = f":warning: The {name}{about} here is *out of date*: Slack did not take the newer one."
    else:
        says = f":warning: The {name}{about} could not be shown here: Slack did not take it."
    look = f" Type `{what.ref.shown}` to see it as it is, and to act on it." if what.ref else ""
    return f"{says}{look}"


def _to_others(what: Undelivered, about: str) -> str:
    lanes = ", ".join(_lane(one) for one in what.lanes[:LANES_NAMED])
    more = f" and {len(what.lanes) - LANES_NAMED} more" if len(what.lanes) > LANES_NAMED else ""
    done = "brought up to date for" if what.redrawn else "delivered to"
    says = f":warning: The {_name(what)}{about} *was not {done}* {lanes}{more}, and is not tried again."
    by_mail = any(one.startswith(MAIL_LANE) for one in what.lanes)
    shows = f"; `{what.ref.shown}` shows it to them" if what.ref else ""
    if what.cause is Cause.GONE:
        mend = f"They cannot be written to any more. Tell somebody who can act in their place{shows}."
    else:
        shorter = "" if by_mail else " A shorter text may be taken."
        mend = f"Tell them yourself{shows}.{shorter}"
    retry = " ".join(f"`deskbell outbox retry {one}`" for one in what.ids[:3])
    who = "The mail server" if by_mail else "Slack"
    return f"{says}\n{mend}\n{who} said “{kit.esc(what.error)}”. The operator can send it again: {retry}"


def _name(what: Undelivered) -> str:
    return what.kind.replace("_", " ")


def _lane(lane: str) -> str:
    return kit.mention(lane[1:]) if lane.startswith("@") else kit.esc(lane)


def _said(title: str, text: str) -> Message:
    return Message(title, [kit.section(text)])
