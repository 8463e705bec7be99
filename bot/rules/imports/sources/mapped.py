"""Any CSV, by a mapping: which column is what."""

from collections.abc import Iterator

from bot.rules.imports.fields import Fields
from bot.rules.imports.mapping import Mapping
from bot.rules.imports.refusals import BadMapping
from bot.rules.imports.spec import How, Spec
from bot.rules.imports.ticket import Comment, Source
from bot.rules.policy_format.hints import listed
from bot.rules.record.refs import Noun

NEEDED = ("id", "summary", "state", "opened")


def spec(mapped: Mapping, file: str, noun: Noun = Noun.INCIDENT) -> Spec:
    """Raises BadMapping where a column is not named that a ticket needs."""
    columns = mapped.columns
    names = {name: (value,) for name, value in columns.model_dump().items() if isinstance(value, str)}
    if lacking := [name for name in NEEDED if name not in names]:
        raise BadMapping(file=file, because=f"[columns] does not say which column is {listed(lacking)}")

    def comments(row: Fields, _how: How) -> Iterator[Comment]:
        for hidden, headings in ((False, columns.comments), (True, columns.work_notes)):
            for cell in row.each(*headings):
                yield Comment(str(cell), internal=hidden)

    def kind(row: Fields) -> str:
        return row.line(columns.type) if columns.type else ""

    return Spec(Source.CSV, names, needed=tuple(names), comments=comments, kind=kind, noun=noun)
