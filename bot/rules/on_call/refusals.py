"""What is refused about being on call."""

from bot.rules.record.refusals import Refusal


class NoRotas(Refusal):
    """The policy has no rotas yet. `[rotas.NAME]` in it says who takes turns; docs/on-call.md shows how."""


class NoSuchRota(Refusal):
    """There is no rota “{typed}”{hint} There are: {rotas}."""


class WhichRota(Refusal):
    """Which rota? Type `{typed}` with one of these behind it: {rotas}."""


class UnclearTime(Refusal):
    """{fault}."""

    field = "starts_at"


class NoSpan(Refusal):
    """I cannot read “{typed}” as a time. Type it like `from 2026-03-01 09:00 to 2026-03-02 09:00` or `from Friday
    18:00 to Monday 9:00`."""


class ImpossibleSpan(Refusal):
    """{fault}"""

    field = "ends_at"


class NotOfRota(Refusal):
    """You cannot be on call for {rota}: its turns are taken by those whom it names and by the members of {group}."""


class ChangesNothing(Refusal):
    """Nothing would change: {who} on call for {rota} in that time already."""

    field = "starts_at"


class NotYourTurn(Refusal):
    """You are not on call for {rota} in that time, so there is nothing to offer. `/oncall mine` shows your turns."""

    field = "starts_at"


class NotTheirTurn(Refusal):
    """{who} has no turn of {rota} ahead that you do not share, so there is nothing to exchange."""


class OwnTurn(Refusal):
    """You cannot exchange turns with yourself. Name somebody else: `/oncall exchange vpn @person`."""


class NotAskedOfYou(Refusal):
    """This was asked of {who} alone."""


class OfferDeclined(Refusal):
    """{who} has said no to this."""


class OnCallThen(Refusal):
    """Who would come on call for {rota} is on call in that time already, so one person would have two turns at once."""


class AwayThen(Refusal):
    """You are away {span}. Take your absence back first: `/oncall changes`."""

    field = "starts_at"


class AwayAlready(Refusal):
    """You are away {span} already. `/oncall changes` shows it."""

    field = "starts_at"


class OfferedAlready(Refusal):
    """You offer this turn already. `/oncall changes` shows it, and takes it back."""

    field = "starts_at"


class OwnOffer(Refusal):
    """This is your own turn. To keep it, take the offer back: `/oncall changes`."""


class OfferOver(Refusal):
    """{who} has taken this turn already."""


class OfferWithdrawn(Refusal):
    """{who} has taken this offer back."""


class OfferLapsed(Refusal):
    """This turn is over, so nobody can take it any more."""


class TurnMoved(Refusal):
    """{who} is not on call in that time any more, so taking this turn would change nothing."""


class NotYours(Refusal):
    """Only who made it, who comes in by it, and the members of {group} can take this back."""


class TakenBack(Refusal):
    """{who} has taken this back already."""


class AlreadyOver(Refusal):
    """This is over, so there is nothing to take back."""


class NotComing(Refusal):
    """The hand-over is acknowledged by those who come on call: {who}."""


class NotGoing(Refusal):
    """The note is written by those who go off call: {who}."""


class Acknowledged(Refusal):
    """{who} has acknowledged this hand-over already."""


class NoSuchChange(Refusal):
    """That is not there any more. `/oncall changes` shows what there is."""
