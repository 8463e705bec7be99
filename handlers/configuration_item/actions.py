"""All that can be done to a configuration item that is there. The order is that of help and menu."""

from collections.abc import Callable
from typing import Any

from bot.rules.configuration_item.flow import CiAct, CiStep
from bot.rules.configuration_item.items import schema_of
from bot.rules.configuration_item.policy import FIELDS
from bot.rules.configuration_item.refusals import ItemWordsMissing
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun
from bot.usecases.configuration_item import edits
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.fields import Ask, Group, Words
from handlers.records.form_values import Filled
from handlers.records.standard_actions.standard import STANDARD
from handlers.records.typed_values import Said, Shown

VALUE_MOST = 1000


def _attributes(shown: Shown) -> list[Block]:
    """What of an item is a text: all but its state and its owner, which have buttons of their own."""
    kind = schema_of(shown.policy).types.get(shown.row.type)
    known = kind.attributes if kind else {}
    fixed = [(one, one.capitalize()) for one in FIELDS if one not in ("state", "owner")]
    titles = [(name, said.title or name.capitalize()) for name, said in known.items() if not said.secret]
    return [kit.option(title, name) for name, title in (*fixed, *titles)]


def relation_options(policy: Policy) -> list[Block]:
    return [kit.option(one.title, key) for key, one in schema_of(policy).relations.items()]


def _menu(field: Field, label: str, options: Callable[[Shown], list[Block]]) -> Ask:
    return Ask(field, label, lambda shown, _: kit.select(options(shown)), Filled.choice)


def _line(field: Field, label: str, hint: str, *, optional: bool = True, lines: bool = False) -> Ask:
    def element(_shown: Shown, _value: Any) -> Block:
        return kit.text_input(most=VALUE_MOST, lines=lines)

    return Ask(field, label, element, Filled.text, hint=hint, optional=optional)


def _value_typed(said: Said) -> tuple[str, str]:
    """“cores = 8”, or “cores 8”. Raises ItemWordsMissing."""
    name, sign, value = said.words.partition("=")
    if not sign:
        name, _, value = said.words.partition(" ")
    if not name.strip():
        raise ItemWordsMissing(usage=said.usage)
    return name.strip(), value.strip()


def _relation_typed(said: Said) -> tuple[str, str, str]:
    """“runs_on db1; db2” or “runs_on 1 of 2: db1; db2”. Raises ItemWordsMissing."""
    name, _, others = said.words.partition(" ")
    before, colon, rest = others.partition(":")
    is_needs = colon and before.strip()[:1].isdigit() and " of " in f" {before.strip()} "
    return name.strip(), (rest if is_needs else others).strip(), before.strip() if is_needs else ""


def _step(verb: str, step: CiStep, says: str, done: str, label: str) -> Action:
    return Action(verb, edits.step(step), says, done, label=label, step=step)


ACTIONS = of(
    Noun.CI, "ci",
    Action("verify", edits.verify, "you have looked: it is as recorded", "is verified.", label="As recorded",
           step=CiAct.VERIFY),
    Action("differs", edits.differs, "you looked: it is not as recorded", "is not as recorded; an action says what.",
           (Words(Field.COMMENT, "What differs", "What is there, and what the record says"),),
           "Differs…", CiAct.VERIFY, "Difference of", "Say so"),
    Action("gone", edits.gone, "you looked: it is not there", "is not there; an action says so to its owner.",
           (Words(Field.COMMENT, "Where you looked", "And what you know of it"),),
           "Gone…", CiAct.VERIFY, "Gone:", "Say so"),
    Action("set", edits.set_value, "say what an attribute is", "is changed.", (
               _menu(Field.CI_ATTRIBUTE, "What", _attributes),
               _line(Field.CI_VALUE, "What it is", "Empty: there is nothing. A date like 2026-04-03", lines=True),
           ), "Change…", CiAct.EDIT, "Change", "Change", usage="attribute = value", parse=_value_typed),
    Action("relate", edits.relate, "say what it stands on, or is part of", "is related as you said.", (
               _menu(Field.CI_RELATION, "Relation", lambda shown: relation_options(shown.policy)),
               _line(Field.CI_TARGET, "To", "Names, keys or CI-n, with ; between them: all of them. Empty: none",
                     lines=True),
               _line(Field.CI_NEEDS, "How many are needed", "Like 1 of 2, where one of the two will do. Empty: all"),
           ), "Relate…", CiAct.RELATE, "Relate", "Relate", usage="relation [1 of 2:] items", parse=_relation_typed),
    Action("own", edits.own, "give it to a group", "is theirs.", (Group(Field.GROUP, "Group"),),
           "Owner…", CiAct.OWN, "Owner of", "Give"),
    _step("live", CiStep.GO_LIVE, "it is in service", "is live.", "Live"),
    _step("repair", CiStep.REPAIR, "it is being repaired", "is being repaired.", "In repair"),
    _step("stock", CiStep.STOCK, "it is in stock", "is in stock.", "In stock"),
    _step("order", CiStep.ORDER, "it is ordered", "is ordered.", "Ordered"),
    _step("plan", CiStep.PLAN, "it is planned", "is planned.", "Planned"),
    _step("retire", CiStep.RETIRE, "it is out of service for good; its record stays", "is retired.", "Retire"),
    *(one for one in STANDARD if one.verb in ("note", "link", "unlink")),
)  # fmt: skip
