"""How a ticket becomes a record, by noun."""

from collections.abc import Mapping

from bot.rules.record.refs import Noun
from bot.usecases.imports import incidents, others
from bot.usecases.imports.batch import MovedKind

KINDS: Mapping[Noun, MovedKind] = {
    Noun.INCIDENT: incidents.KIND,
    Noun.CHANGE: others.CHANGE,
    Noun.PROBLEM: others.PROBLEM,
    Noun.REQUEST: others.REQUEST,
}
