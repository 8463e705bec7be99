"""XML as ServiceNow exports it: a record is a child of the root, and its fields are its children."""

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from bot.rules.imports.chunks import FileFault
from bot.rules.imports.csv_rows import Numbered
from bot.rules.imports.fields import Fields


class _Records:
    def __init__(self) -> None:
        self.ready: list[Numbered] = []
        self._depth, self._line, self._text = 0, 1, list[str]()
        self._fields: dict[str, object] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        # Entities are declared there, by which a short file becomes an endless one or reads others.
        raise FileFault("it has a DOCTYPE, which no export needs; take it out")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 2:
            self._line, self._fields = self.parser.CurrentLineNumber, {"sys_class_name": name}
        elif self._depth == 3:
            self._text = []
            if attributes.get("display_value"):
                self._fields[f"{name}\0"] = attributes["display_value"]

    def _said(self, text: str) -> None:
        if self._depth >= 3:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if self._depth == 3:
            shown = self._fields.pop(f"{name}\0", None)
            text = "".join(self._text)
            self._fields[name] = {"value": text, "display_value": shown} if shown else text
        elif self._depth == 2:
            self.ready.append((self._line, Fields.of(self._fields)))
        self._depth -= 1


def read(texts: Iterable[str]) -> Iterator[Numbered]:
    """Raises FileFault."""
    records, empty = _Records(), True
    try:
        for text in texts:
            empty = empty and not text.strip()
            records.parser.Parse(text, False)
            yield from records.ready
            records.ready.clear()
        if empty:
            raise FileFault("it is empty")
        records.parser.Parse("", True)
    except expat.ExpatError as fault:
        raise FileFault(f"line {fault.lineno}: it is no sound XML ({expat.ErrorString(fault.code)})") from None
    yield from records.ready
