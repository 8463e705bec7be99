"""“Did you mean …?”: what was typed and is nearly a command; *Yes* does it, *No* takes it as it was typed."""

import json
from dataclasses import dataclass

from bot.rules.record.refusals import EitherWay
from bot.rules.record.text import shorten
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.ids import Action

SHOWN_MOST = 150
VALUE_MOST = 2000
"""Characters that a button carries."""


@dataclass(frozen=True)
class Carried:
    """A command in a button."""

    command: str
    text: str
    people: tuple[str, ...] = ()

    def __str__(self) -> str:
        return json.dumps([self.command, self.text, *self.people], ensure_ascii=False)

    @classmethod
    def parse(cls, value: str) -> "Carried":
        command, text, *people = json.loads(value)
        return cls(str(command), str(text), tuple(map(str, people)))


def question(yes: Carried, no: Carried, own_words: str, otherwise: Block | None = None) -> Message:
    """`own_words` is what *No* does; `otherwise` a button that does that instead. Raises EitherWay for long words."""
    command = shorten(f"{yes.command} {yes.text}".replace("`", "'"), SHOWN_MOST)
    if max(len(str(yes)), len(str(no))) > VALUE_MOST:
        raise EitherWay(typed=command)
    text = f"Did you mean `{kit.esc(command)}`?"
    refused = otherwise or kit.button(Action.NOT_MEANT, own_words, no)
    return Message(text, [kit.section(text), kit.actions(kit.button(Action.MEANT, "Yes", yes, "primary"), refused)])
