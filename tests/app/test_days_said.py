"""A day that people read is written one way, “Mon 9 Mar 2026”; ISO days are for files, terminals and what is typed."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import bot
import handlers
from bot.rules.policy.policy import default_text, parse
from bot.rules.record.refusals import Refusal
from bot.rules.record.text import instant
from handlers import home
from handlers.blocks import kit
from handlers.gallery import gallery

ISO = re.compile(r"(?<!like )\b\d{4}-\d\d-\d\d")
NOT_READ = re.compile(r"<!date\^[^>]*>|```.*?```|`[^`]*`", re.DOTALL)
"""Slack draws the first by the reader's clocks; the others are for programs, and examples of what can be typed."""
UNSEEN = {"value", "private_metadata", "initial_date", "block_id", "action_id", "image_url"}
HOUSE = Path(bot.__file__).parent, Path(handlers.__file__).parent
LAYERS = [HOUSE[0] / "rules", HOUSE[0] / "usecases", HOUSE[1]]
COLUMNS = re.compile(r"(^|_)(on|until|date|today)$")
"""What a column or a name that holds a day ends with."""
WRITTEN = {
    "management_review/meetings.py": "minutes are a file",
    "management_review/drawing.py": "evidence, kept for minutes: `kit.finding` says its days on cards",
    "review/documents.py": "a document is a file: `kit.finding` says its days in Slack",
    "review/drawing.py": "a document is a file: `kit.finding` says its days in Slack",
    "iso/assessment.py": "a finding is for files too: `kit.finding` says its days in Slack",
    "iso/trend.py": "as a finding",
    "iso/periods.py": "as a finding",
    "record/text.py": "`instant`, which `kit.dated` shows by the reader's clocks",
    "blocks/kit.py": "what a client shows that cannot draw times",
    "sla/views/lines.py": "what a client shows that cannot draw times",
    "time/business_hours.py": "a fault of the program, which no one is told",
    "journal/checkpoints.py": "a line that programs read",
}
"""Where ISO days stand in sentences, and why."""


def _texts(drawn: Any) -> Iterator[str]:
    if isinstance(drawn, kit.Message):
        yield from _texts([drawn.text, drawn.blocks])
    elif isinstance(drawn, kit.HomeView):
        yield from _texts(drawn.view)
    elif isinstance(drawn, dict):
        yield from (text for key, one in drawn.items() if key not in UNSEEN for text in _texts(one))
    elif isinstance(drawn, list | tuple):
        yield from (text for one in drawn for text in _texts(one))
    elif isinstance(drawn, str):
        yield drawn


def test_no_card_form_or_message_says_a_day_as_files_have_it() -> None:
    drawn = gallery(parse(default_text()), list(home.TABLES))
    assert len(drawn) > 100
    found = {
        (name, said[0])
        for name, one in drawn.items()
        for text in _texts(one)
        for said in [ISO.search(NOT_READ.sub("", text))]
        if said
    }
    assert found == set()


def _sentences(path: Path) -> Iterator[str]:
    """What is put into sentences there: a day's format, or the name of what holds one."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.JoinedStr):
            continue
        words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        for part in node.values:
            if not isinstance(part, ast.FormattedValue) or " " not in words:
                continue
            named = part.value.attr if isinstance(part.value, ast.Attribute) else ""
            if "%Y-%m-%d" in (ast.unparse(part.format_spec) if part.format_spec else "") or COLUMNS.search(named):
                yield ast.unparse(part)


def test_no_sentence_is_made_of_a_day_as_it_is_kept() -> None:
    found = {str(path.relative_to(layer)) for layer in LAYERS for path in layer.rglob("*.py") if [*_sentences(path)]}
    assert found == set(WRITTEN), "say the day by `day_said` or `kit.day`, an instant by `instant` or `kit.when`"


class LapsesOn(Refusal):
    """It lapses on {day}, and was seen at {at}."""


@pytest.mark.parametrize("day", [date(2026, 3, 9)])
def test_a_refusal_says_days_and_instants_as_they_are_read(day: date) -> None:
    at = datetime(2026, 3, 9, 10, tzinfo=UTC)
    refused = LapsesOn(day=day, at=at).sentence
    assert refused == f"It lapses on Mon 9 Mar 2026, and was seen at {instant(at)}."
    assert kit.dated_by(refused, ZoneInfo("Europe/Berlin")).endswith("at Mon 9 Mar 2026 at 11:00 (Europe/Berlin).")
