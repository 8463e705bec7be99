"""How a ticket becomes a record, by noun."""

from collections.abc import Mapping

from bot.rules.record.refs import Noun
from bot.usecases.imports import incidents, other_records
from bot.usecases.imports.batch import MovedKind

KINDS: Mapping[Noun, MovedKind] = {
    Noun.INCIDENT: incidents.KIND,
    Noun.CHANGE: other_records.CHANGE,
    Noun.PROBLEM: other_records.PROBLEM,
    Noun.REQUEST: other_records.REQUEST,
}
