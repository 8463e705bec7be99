"""A question of a form as an input of a modal, and reading what stands in it; the same for every form that is data."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bot.rules.form.conditions import Answer
from bot.rules.form.files import UNREAD, SentFile, spelled
from bot.rules.form.questions import YES_OR_NO, Question, QuestionType, field_of, longest, most_of
from bot.rules.policy.policy import Policy
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.blocks.services import service_menu
from handlers.ids import Field

_T = QuestionType
_YES_NO = tuple(kit.option(one.capitalize(), one) for one in YES_OR_NO)


def drawn(question: Question, given: Answer | None, policy: Policy, *, live: bool) -> Block:
    """`live` ones decide what else is asked: they are answered while the form is open."""
    element = _element(question, given, policy)
    if live and element["type"] in ("plain_text_input", "number_input"):
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    hint, optional = question.help or "", not question.required
    asked = kit.ask(Field.QUESTION, question.asks, element, hint=hint, optional=optional, live=live)
    if question.type is _T.CI:
        # What it offers is asked for by this id: a menu of services has the other.
        asked["element"] |= {"action_id": Field.ITEM_QUESTION}
    return asked | {"block_id": field_of(question.id)}


def read(view: Mapping[str, Any], questions: Iterable[Question]) -> dict[str, Answer | None]:
    """The answers of those questions that the form had when it was sent; None for one that was left empty."""
    values: Mapping[str, Any] = view.get("state", {}).get("values", {})
    found: dict[str, Answer | None] = {}
    for one in questions:
        block = values.get(field_of(one.id), {})
        stated = block.get(Field.QUESTION) or block.get(Field.ITEM_QUESTION)
        if isinstance(stated, Mapping):
            found[one.id] = _read(stated)
    return found


def asked_in(view: Mapping[str, Any], questions: Iterable[Question]) -> Collection[str]:
    """The ids of those questions that a form has."""
    there = {block.get("block_id") for block in view.get("blocks", [])}
    return [one.id for one in questions if field_of(one.id) in there]


def answered(fields: Iterable[Mapping[str, Any]]) -> list[Block]:
    """Additional fields on a card, a line each."""
    lines = [f"*{kit.esc(one['asks'])}* {said(one)}" for one in fields]
    return [kit.section("\n".join(lines))] if lines else []


def said(asked: Mapping[str, Any]) -> str:
    """A kept answer for mrkdwn: people and channels by their names, all else escaped."""
    answers = [asked["answer"]] if isinstance(asked["answer"], str) else asked["answer"]
    if asked["type"] in (_T.PERSON, _T.PEOPLE):
        return ", ".join(kit.mention(one) for one in answers)
    if asked["type"] == _T.CHANNEL:
        return ", ".join(f"<#{one}>" for one in answers)
    if asked["type"] == _T.FILE:
        return ", ".join(_linked(SentFile.parse(one)) for one in answers)
    if asked["type"] == _T.DATE:
        return kit.day(str(asked["answer"]))
    return kit.esc(asked["said"])


def _linked(file: SentFile) -> str:
    return f"<{file.link}|{kit.esc(file.name)}> ({spelled(file.size)})"


def _read(stated: Mapping[str, Any]) -> Answer | None:
    if stated.get("files"):
        return tuple(map(_sent, stated["files"]))
    for key in ("value", "selected_date", "selected_time", "selected_user", "selected_channel"):
        if stated.get(key):
            return str(stated[key])
    if stated.get("selected_option"):
        return str(stated["selected_option"]["value"])
    several = stated.get("selected_users") or [one["value"] for one in stated.get("selected_options") or ()]
    return tuple(map(str, several)) or None


def _sent(one: Mapping[str, Any]) -> str:
    """`sha256` is no word of Slack's: whoever takes a form in has read the file (`handlers/request/sent_files.py`)."""
    digest, size = str(one.get("sha256") or UNREAD), int(one.get("size") or 0)
    return str(SentFile(str(one["id"]), digest, size, str(one.get("permalink") or ""), str(one.get("name") or "")))


def _element(question: Question, given: Answer | None, policy: Policy) -> Block:
    one = given if isinstance(given, str) else ""
    several = given if isinstance(given, tuple) else (given,) if given else ()
    match question.type:
        case _T.TEXT | _T.LONG_TEXT:
            return kit.text_input(one, most=longest(question), lines=question.type is _T.LONG_TEXT)
        case _T.NUMBER:
            bounds = {"min_value": question.least, "max_value": question.most, "initial_value": one or None}
            number = {"type": "number_input", "is_decimal_allowed": True}
            return number | {key: str(value) for key, value in bounds.items() if value is not None}
        case _T.DATE:
            return {"type": "datepicker"} | ({"initial_date": one} if one else {})
        case _T.TIME:
            return {"type": "timepicker"} | ({"initial_time": one} if one else {})
        case _T.PERSON:
            return kit.people_input(one or None)
        case _T.PEOPLE:
            chosen = {"initial_users": list(several)} if several else {}
            return {"type": "multi_users_select", "max_selected_items": most_of(question)} | chosen
        case _T.CHANNEL:
            return {"type": "channels_select"} | ({"initial_channel": one} if one else {})
        case _T.CHOICE:
            return kit.select([kit.option(each, each) for each in question.options], one)
        case _T.CHOICES:
            most = {"max_selected_items": question.most} if question.most else {}
            return kit.multi_select([kit.option(each, each) for each in question.options], several) | most
        case _T.YES_NO:
            return kit.select(_YES_NO, one)
        case _T.SERVICE:
            return service_menu(policy, one)
        case _T.CI:
            chosen_item = kit.option(one.partition(" ")[2], one) if one else None
            return kit.search(chosen_item)
        case _T.FILE:
            return {"type": "file_input", "max_files": most_of(question)}
