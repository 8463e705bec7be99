"""A review to read and to write in: its whole, its sections, and one section's form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.rules.record.refs import Noun, Ref
from bot.rules.record.text import WORDS_MOST, shorten
from bot.rules.review.document import Block as Passage
from bot.rules.review.document import Bullets, Document, Paragraph
from bot.rules.review.policy import ReviewSection
from handlers.blocks import facts, fitting, kit
from handlers.blocks.kit import Block, View
from handlers.ids import Action, Field, Form
from storage.tables import Review, ReviewSectionText


@dataclass(frozen=True)
class Draft:
    """What a section's form knows beside its words: the review, the section, and the revision that it began with."""

    ref: Ref
    section: str
    seen: int

    def __str__(self) -> str:
        return f"{self.ref} {self.section} {self.seen}"

    @classmethod
    def parse(cls, kept: str) -> "Draft":
        """Raises UnknownReference."""
        ref, section, seen = kept.split(" ")
        return cls(Ref.parse(ref, Noun.REVIEW), section, int(seen))


def sections(review: Review, template: Sequence[ReviewSection], rows: Mapping[str, ReviewSectionText]) -> View:
    """What is written and what is not, each with its button."""
    blocks: list[Block] = [kit.section(facts.named(review))]
    for one in template:
        if one.automatic is not None:
            continue
        row = rows.get(one.id)
        text = kit.quote(row.text, 200, 3) if row and row.text else f"_{kit.esc(one.prompt or 'Not written yet')}_"
        needs = " (required)" if one.required else ""
        draft = Draft(review.ref, one.id, row.revision if row else 0)
        drawn = kit.section(f"*{kit.esc(one.title)}*{needs}\n{text}")
        label = shorten(f"Write {one.title}", kit.OPTION_MOST)
        blocks.append(drawn | {"accessory": kit.button(Action.REVIEW_SECTION, label, draft)})
    return kit.list_view(f"Write {review.ref}", blocks)


def section(review: Review, one: ReviewSection, row: ReviewSectionText | None, typed: str | None = None) -> View:
    """`typed` is what somebody wrote while another person wrote too: both are shown, and nothing is lost."""
    text = typed if typed is not None else row.text if row else ""
    lead = [kit.section(facts.named(review))]
    if typed is not None and row is not None:
        by = f"{kit.mention(row.by)} wrote here meanwhile. Take over what you keep, and save again."
        lead += [kit.section(f":warning: {by}"), *map(kit.section, fitting.sections(kit.quote(row.text)))]
    words = kit.ask(
        Field.COMMENT, one.title[:75], kit.text_input(text, most=WORDS_MOST, lines=True), hint=one.prompt or "",
        optional=True,
    )  # fmt: skip
    draft = Draft(review.ref, one.id, row.revision if row else 0)
    return kit.form(Form.REVIEW_SECTION, f"Write {review.ref}", "Save", [*lead, words], draft)


def whole(document: Document) -> View:
    """All of it, as far as a modal has room; the export has the rest."""
    return kit.list_view(document.ref, read(document))


def read(document: Document) -> list[Block]:
    facts = "\n".join(f"*{kit.esc(name)}*: {_shown(text)}" for name, text in document.facts)
    blocks: list[Block] = [*map(kit.section, fitting.sections(facts))]
    for part in document.parts:
        said = "\n".join(_passage(one) for one in part.blocks)
        blocks += [kit.divider(), *map(kit.section, fitting.sections(f"*{kit.esc(part.title)}*\n{said}"))]
    return blocks


def _passage(block: Passage) -> str:
    if isinstance(block, Paragraph):
        return "\n".join(map(_shown, block.lines))
    if isinstance(block, Bullets):
        return "\n".join(f"• {_shown(one)}" for one in block.items)
    return "\n".join(_row(row) for row in block.rows)


def _row(row: Sequence[str]) -> str:
    first, *others = row
    said = " · ".join(_shown(one) for one in others if one)
    return f"• *{_shown(first)}*: {said}" if said else f"• *{_shown(first)}*"


def _shown(text: str) -> str:
    return kit.finding(text)
