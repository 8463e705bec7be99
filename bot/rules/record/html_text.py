"""HTML of tickets as plain text: paragraphs and list items are lines, a link keeps its address."""

import html
import re
from html.parser import HTMLParser

_BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "table"})
_UNSEEN = frozenset({"script", "style", "head", "title"})
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--)")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen, self._link = 0, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BREAKS:
            self.parts.append("\n• " if tag == "li" else "\n")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BREAKS and tag not in ("br", "li"):
            self.parts.append("\n")
        elif tag == "a" and self._link.startswith(("http://", "https://", "mailto:")):
            if not "".join(self.parts[-1:]).strip().endswith(self._link):
                self.parts.append(f" ({self._link})")
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"[ \t\n]+", " ", data))


def text_of(said: str, *, escaped: bool = False) -> str:
    """The text as people read it. `escaped`: the tags themselves may be written as entities, as GLPI keeps them."""
    if escaped and "<" not in said:
        said = html.unescape(said)
    if not _TAG.search(said):
        return html.unescape(said) if escaped else said
    reader = _Text()
    reader.feed(said)
    reader.close()
    lines = (re.sub(r" +", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
