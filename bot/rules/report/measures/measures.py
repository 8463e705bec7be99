"""The measures, each defined once: what is counted, what is left out and why, unit, calendar, owner, target.

`docs/reports.md` and `/report define` show this table (ISO/IEC 20000-1:2018, 9.1).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.rules.report.measures.change_measures import CHANGE_MEASURES
from bot.rules.report.measures.complaint_measures import COMPLAINT_MEASURES
from bot.rules.report.measures.incident_measures import INCIDENT_MEASURES
from bot.rules.report.measures.measure import Group, Measure, of_true_times
from bot.rules.report.measures.outage_measures import OUTAGE_MEASURES
from bot.rules.report.measures.problem_measures import PROBLEM_MEASURES
from bot.rules.report.measures.promise_measures import PROMISE_MEASURES
from bot.rules.report.measures.request_measures import REQUEST_MEASURES
from bot.rules.report.measures.survey_measures import SURVEY_MEASURES

_TABLE = (
    *INCIDENT_MEASURES,
    *PROMISE_MEASURES,
    *OUTAGE_MEASURES,
    *CHANGE_MEASURES,
    *PROBLEM_MEASURES,
    *REQUEST_MEASURES,
    *COMPLAINT_MEASURES,
    *SURVEY_MEASURES,
)
MEASURES: Mapping[str, Measure] = MappingProxyType({one.name: of_true_times(one) for one in _TABLE})


def group_of(group: Group) -> Callable[[Any], str]:
    return lambda one: str(getattr(one, group))
