"""What the owners of a channel hear when nothing can be said in it."""

from bot.rules.delivery.blocked_channels import Trouble
from bot.usecases.delivery.blocked_channels import Silent
from handlers.blocks import kit
from handlers.blocks.kit import Message

_SAYS = {
    Trouble.ARCHIVED: "*{lane} is archived*, so nobody hears what Deskbell says there.",
    Trouble.GONE: "*There is no {lane}* that Deskbell may use, so nobody hears what it says there.",
    Trouble.OUTSIDE: "*Deskbell is not in {lane} any more*, so nobody hears what it says there.",
    Trouble.RESTRICTED: "*Slack does not let Deskbell post in {lane}*, so nobody hears what it says there.",
}
_MEND = {
    Trouble.ARCHIVED: "Unarchive it, or have the policy name another channel",
    Trouble.GONE: "Create it and type `/invite @Deskbell` there, or have the policy name another channel",
    Trouble.OUTSIDE: "Type `/invite @Deskbell` there",
    Trouble.RESTRICTED: "Allow it in the channel's settings, under posting permissions",
}


def parked(silent: Silent) -> Message:
    lane, count = silent.lane, silent.lane.posts
    says = _SAYS[silent.trouble].format(lane=kit.esc(lane.name))
    waiting = "1 message waits" if count == 1 else f"{count} messages wait"
    mend = f"{_MEND[silent.trouble]}: within a quarter of an hour they appear there by themselves, in order."
    urgent = " What is urgent comes to you here until then." if silent.urgent else ""
    text = f":mute: {says} {waiting}, the first since {kit.when(lane.since)}.\n{mend}{urgent}"
    return Message(f"{lane.name} hears nothing from Deskbell", [kit.section(text)])
