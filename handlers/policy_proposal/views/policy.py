"""The policy in force by section, and the forms by which a change of it is proposed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import begun, deciding, evaluate
from bot.rules.policy.common_changes import COMMON, Common
from bot.rules.policy.policy import Policy
from bot.rules.policy_format.document import written
from bot.rules.record.text import WORDS_MOST, shorten
from bot.rules.request.policy import known
from bot.usecases.policy_proposal.approval import TITLE_MOST
from handlers.blocks import fitting, kit, questions
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action, Field, Form
from handlers.policy_proposal.views import card
from storage.tables import PolicyProposal

CHANGES, WHOLE = "changes", "whole"
TEXT = "text"
"""What the button of the form for anything else carries."""
KEYS_MOST = 60
"""Characters of the names of a section's entries in the overview."""
PROPOSALS_SHOWN = 5


def overview(
    version: int, since: datetime, policy: Policy, from_file: bool, newest: Sequence[PolicyProposal]
) -> Message:
    """What is in force by section, and what was proposed last."""
    head = f"The rules of the desk: version {version}"
    where = "It is kept in the file that the operator named." if from_file else "What is approved here is in force."
    lead = f"In force since {kit.when(since)}. {where}"
    blocks = [kit.header(head), kit.section(lead), *map(kit.section, fitting.sections("\n".join(_lines(policy))))]
    menu = kit.select([kit.option(name, name) for name in sections(policy)], "")
    menu |= {"action_id": Action.POLICY_SECTION, "placeholder": kit.plain("Show a section")}
    blocks.append(kit.actions(menu, kit.button(Action.POLICY_PROPOSE, "Propose a change…", "", "primary")))
    if newest:
        blocks += [kit.section("*Proposed last*"), *(card.row(one) for one in newest[:PROPOSALS_SHOWN])]
    return Message(head, blocks)


def sections(policy: Policy) -> Mapping[str, Any]:
    return policy.model_dump(mode="json", exclude_none=True)


def section(name: str, policy: Policy, page: int = 0) -> View:
    """A section of it as TOML."""
    text = written({name: sections(policy)[name]}) or f"[{name}]"
    every = fitting.pages([kit.section(f"```{piece}```") for piece in _pieces(text)])
    page = min(page, len(every) - 1)
    left = len(every) - page - 1
    more = [kit.context(f"Its beginning: `deskbell policy show` prints the rest ({left} pages).")] if left > 0 else []
    return kit.list_view(shorten(name, 24), [*every[page], *more])


def _pieces(text: str, most: int = 2500) -> list[str]:
    """By whole lines, since each stands in a frame of its own."""
    found, piece = [], ""
    for line in kit.esc(text).replace("```", "'''").splitlines():
        if piece and len(piece) + len(line) > most:
            found.append(piece)
            piece = ""
        piece += line[:most] + "\n"
    return [*found, piece or " "]


def choices(policy: Policy) -> View:
    """How a change is proposed."""
    lead = "A change is checked at once, run over the past, approved by others, and adopted as a version."
    common = [(one.label, one.key) for one in COMMON.values() if one.possible(policy)]
    ways = [*common, ("Anything else, as TOML or a file", TEXT)]
    # An actions block each: buttons of one block cannot share an id.
    rows = [kit.actions(kit.button(Action.POLICY_FORM, name, key)) for name, key in ways]
    return kit.list_view("Propose a change", [kit.section(lead), *rows])


def common(form: Common, policy: Policy, given: Mapping[str, Answer | None]) -> View:
    """One of the forms for what is changed most."""
    asked = form.questions(policy)
    begins, decides = begun(asked, given), deciding(asked)
    shown = evaluate(asked, begins, known(policy.services)).shown
    drawn = [questions.drawn(one, begins.get(one.id), policy, live=one.id in decides) for one in shown]
    return kit.form(Form.POLICY_FORM, form.label, "Propose", [*drawn, _why()], form.key)


def text() -> View:
    """Whatever the policy can say."""
    ways = [
        kit.option("What is to be different", CHANGES),
        kit.option("The whole policy, as a file has it", WHOLE),
    ]
    file = {"type": "file_input", "filetypes": ["toml", "txt"], "max_files": 1}
    blocks = [
        kit.ask(Field.TITLE, "What changes", kit.text_input("", most=TITLE_MOST), hint="In a line"),
        kit.ask(Field.TYPE, "The text is", kit.select(ways, CHANGES)),
        kit.ask(Field.TEXT, "TOML", kit.text_input("", most=WORDS_MOST, lines=True),
                hint="As in [targets.P1], and response = “10m” beneath it", optional=True),
        kit.ask(Field.FILE, "Or a file", file, optional=True),
        _why(),
    ]  # fmt: skip
    return kit.form(Form.POLICY_TEXT, "Propose a change", "Propose", blocks)


def _why() -> Block:
    words = kit.text_input("", most=WORDS_MOST, lines=True)
    return kit.ask(Field.WHY, "Why", words, hint="Who approves it reads this", optional=True)


def _lines(policy: Policy) -> list[str]:
    """A line for each section of entries that the desk has named; the names alone of all others."""
    named = {name: one for name in sections(policy) if isinstance(one := getattr(policy, name), Mapping)}
    lines = [f"*{name}* {kit.esc(shorten(', '.join(one), KEYS_MOST))}" for name, one in named.items() if one]
    settings = [name for name in sections(policy) if name not in named]
    empty = [name for name, one in named.items() if not one]
    return [*lines, f"Settings: {', '.join(settings)}", *([f"Nothing in: {', '.join(empty)}"] if empty else [])]
