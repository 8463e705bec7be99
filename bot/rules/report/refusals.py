"""No, where a report is concerned."""

from bot.rules.record.refusals import Refusal


class NoSuchMeasure(Refusal):
    """There is no figure “{name}”.{hint} The figures are {names}."""


class NotDividedBy(Refusal):
    """The figure “{name}” is not divided by {group}. It is by {groups}."""


class NoReports(Refusal):
    """Figures are shown to {groups}, and to the groups that own services. Ask one of them."""


class NotYourService(Refusal):
    """The figures of {service} are shown to {groups}. You may see those of {yours}."""


class NotYourReport(Refusal):
    """Only {groups}, and the owners of its service, can {act}. Ask one of them."""


class NoSuchExport(Refusal):
    """There is nothing “{typed}” {use}.{hint} There are {names}."""


class WhichExport(Refusal):
    """What is to be exported? There are {names}. As in `/report export incidents`."""


class NotYourExport(Refusal):
    """All {what} are exported for {groups} alone. Ask one of them."""


class TooManyToExport(Refusal):
    """These are {rows} rows; a message has {most} at most. Ask for less time, or have `deskbell export {what}` run."""


class NoSuchCustomer(Refusal):
    """There is no customer “{name}”. {known}"""


class NotAPeriod(Refusal):
    """“{typed}” is no period, no service and no figure{hint} Type `/report week`, `/report 2026-01 vpn` or
    `/report list`."""


class PeriodToCome(Refusal):
    """This {every} has not begun. Ask for one that has: `/report this {every}`, or `/report {every}` for the last."""
