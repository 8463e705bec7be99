"""A document to begin, to read and to write in: its text page by page, its headings, one heading's form."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rules.document.text import Part, parts
from bot.rules.iso.criteria import Document
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.text import WORDS_MOST, shorten
from bot.usecases.document.documents import TITLE_MOST
from handlers.blocks import facts, fitting, kit
from handlers.blocks.kit import Block, View
from handlers.document.actions import ACTIONS, CLAUSES_MOST
from handlers.ids import Action, Field, Form
from handlers.records import actions
from storage.tables import ControlledDocument, DocumentReading

LINES_MOST = 80
PARTS_MOST = 45


@dataclass(frozen=True)
class Place:
    """What a heading's form knows beside its words: the document, which heading, and the draft that it began with."""

    ref: Ref
    index: int
    seen: int

    def __str__(self) -> str:
        return f"{self.ref} {self.index} {self.seen}"

    @classmethod
    def parse(cls, kept: str) -> "Place":
        """Raises UnknownReference."""
        ref, index, seen = kept.split(" ")
        return cls(Ref.parse(ref, Noun.DOCUMENT), int(index), int(seen))


def begin(title: str, sort: Document | None = None, clauses: str = "") -> View:
    """The form of a new document; its text begins with the template of its sort."""
    sorts = kit.select([kit.option(str(one).capitalize(), one) for one in Document], sort)
    blocks = [
        kit.ask(Field.TITLE, "Title", kit.text_input(title, most=TITLE_MOST), optional=True,
                hint="Left out: that of its template"),
        kit.ask(Field.TYPE, "What it is", sorts, hint="Its text begins with a template, filled from the policy"),
        kit.ask(Field.CLAUSES, "Clauses", kit.text_input(clauses, most=CLAUSES_MOST), optional=True,
                hint="That it is evidence for, like 8.6.3. Left out: those that ask for it"),
        kit.ask(Field.PERSON, "Owner", kit.people_input(), optional=True, hint="Left out: you"),
    ]  # fmt: skip
    return kit.form(Form.DOCUMENT_NEW, "New document", "Begin", blocks)


def whole(document: ControlledDocument, text: str, called: str, page: int = 0, *, asked: bool = False) -> View:
    """The text, page by page; with the button that says that it is read, where that is asked."""
    said = [kit.section(piece) for piece in fitting.sections(kit.written(text) or "_Nothing is written yet._")]
    every = fitting.pages(said)
    page = min(page, len(every) - 1)
    seen = RecordVersion.of(document)
    blocks: list[Block] = [kit.section(f"{facts.named(document)}, {called}"), *every[page]]
    turns = [("Back", page - 1), ("On", page + 1)]
    shown = [(label, to) for label, to in turns if 0 <= to < len(every)]
    if len(every) > 1:
        blocks.append(kit.context(f"Page {page + 1} of {len(every)}"))
    # One id for each of two buttons in a row: Slack refuses two that are the same.
    ids = {"Back": Action.DOCUMENT_READ, "On": Action.DOCUMENT_READ_ON}
    buttons = [kit.button(ids[label], label, f"{seen} {to}") for label, to in shown]
    buttons += [actions.button(ACTIONS["understood"], seen, "primary")] if asked else []
    return kit.list_view(str(document.ref), [*blocks, *([kit.actions(*buttons)] if buttons else [])])


def _write(heading: str) -> str:
    """On its button, which whoever does not see the row hears by itself."""
    return shorten(f"Write {heading}", kit.OPTION_MOST)


def headings(document: ControlledDocument) -> View:
    """The draft's headings, each with its button."""
    blocks: list[Block] = [kit.section(facts.named(document))]
    found = parts(document.text) or [Part("", "", "")]
    for index, one in enumerate(found[:PARTS_MOST]):
        text = kit.quote(one.body, 200, 3) if one.body else "_Nothing yet_"
        name = one.heading or "Before the first heading"
        drawn = kit.section(f"*{kit.esc(name)}*\n{text}")
        place = Place(document.ref, index, document.written)
        fits = len(one.body) <= WORDS_MOST
        blocks.append(drawn | {"accessory": kit.button(Action.DOCUMENT_PART, _write(name), place)} if fits else drawn)
    more = "" if len(found) <= PARTS_MOST else f" {len(found) - PARTS_MOST} more headings are not shown."
    blocks.append(kit.context(f"The whole as a file: `deskbell document put {document.ref} FILE`.{more}"))
    return kit.list_view(f"Write {document.ref}", blocks)


def heading(document: ControlledDocument, index: int) -> View:
    found = parts(document.text) or [Part("", "", "")]
    one = found[min(index, len(found) - 1)]
    words = kit.ask(
        Field.COMMENT, (one.heading or "Text")[:75], kit.text_input(one.body, most=WORDS_MOST, lines=True),
        hint="Markdown; a line that begins with ## is another heading", optional=True,
    )  # fmt: skip
    lead = kit.section(facts.named(document))
    place = Place(document.ref, index, document.written)
    return kit.form(Form.DOCUMENT_PART, f"Write {document.ref}", "Save", [lead, words], place)


def difference(document: ControlledDocument, lines: Sequence[str], called: str) -> View:
    """Line by line; what is left out is said."""
    if not lines:
        return kit.list_view(f"New in {document.ref}", [kit.section("They say the same.")])
    shown = [f"`{kit.esc(one[:150]).replace('`', chr(39)) or ' '}`" for one in lines[:LINES_MOST]]
    blocks = [kit.section(f"{kit.colon(facts.named(document))} {called}")]
    blocks += [kit.section("\n".join(shown[at : at + 15])) for at in range(0, len(shown), 15)]
    left = len(lines) - len(shown)
    if left > 0:
        blocks.append(kit.context(f"{left} more lines: `deskbell document diff {document.ref}` has all."))
    return kit.list_view(f"New in {document.ref}", blocks)


def readers(document: ControlledDocument, rows: Sequence[DocumentReading]) -> View:
    """Who has read the version in force, and who has not."""
    read = [f"• {kit.mention(one.person)}, {kit.when(one.read_at)}" for one in rows if one.read_at]
    unread = [f"• {kit.mention(one.person)}" for one in rows if one.read_at is None]
    lead = f"{facts.named(document)}, version {document.version}"
    blocks = [kit.section(lead)]
    for head, people in (("Have read and understood it", read), ("Were asked and have not", unread)):
        blocks += map(kit.section, fitting.sections("\n".join([f"*{head}*", *(people or ["nobody"])])))
    return kit.list_view(f"Readers of {document.ref}", blocks)


def beside(seen: RecordVersion, *, writes: bool, compared: bool, held: bool) -> list[Block]:
    """Buttons of the menu that open something to look at."""
    found = [kit.button(Action.DOCUMENT_PARTS, "Write…", seen)] if writes else []
    found.append(kit.button(Action.DOCUMENT_READ, "Read", seen))
    found += [kit.button(Action.DOCUMENT_DIFFERENCE, "What is new", seen)] if compared else []
    found += [kit.button(Action.DOCUMENT_READERS, "Who has read it", seen)] if held else []
    return found
