"""What freezes and maintenance windows refuse, in plain words."""

from bot.rules.record.refusals import Refusal


class Frozen(Refusal):
    """{window} freezes {services} until {ends}. Choose a time outside of it, or ask a change manager to lift it."""

    field = "starts_at"


class OutsideMaintenance(Refusal):
    """{services} may only be changed in its maintenance windows. `/change windows` shows them."""

    field = "starts_at"


class Held(Refusal):
    """{ref} is held by {window}, which freezes {services} until {ends}. Edit its window, or wait until it is lifted."""


class AlreadyLifted(Refusal):
    """{ref} was already lifted by {by}."""
