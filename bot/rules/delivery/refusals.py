"""What is refused to an operator about messages, in plain words."""

from bot.rules.record.refusals import Refusal


class NoSuchMessage(Refusal):
    """There is no message {id}. `deskbell outbox` lists those that wait and those that were given up."""


class OnItsWay(Refusal):
    """Message {id} is being sent at this moment, so it is left alone. Look again in a minute: `deskbell outbox`."""


class InDoubt(Refusal):
    """Slack did not say whether message {id} arrived. Deskbell looks for it in the history of {lane} by itself
    before it posts it again; sent now it might stand there twice. Look again in a minute: `deskbell outbox`."""


class StillWaiting(Refusal):
    """Message {id} waits for its turn in {lane} and needs no retry: Deskbell keeps trying while it runs."""


class DoneWith(Refusal):
    """Message {id} was sent, or a newer one says what it would have said. There is nothing left to do about it."""


class NoReason(Refusal):
    """Say why, for whoever reads the journal: `deskbell outbox drop ID --because "…"`."""
