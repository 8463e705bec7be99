"""What a person sees: messages, the modal in front, App Home. Read-only, always as it is now."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.sandbox.app.responses import visible
from bot.sandbox.person import form_state
from bot.sandbox.person.block_text import caption, controls, shown
from bot.sandbox.person.values import in_words, options_of
from bot.sandbox.state import Channel, Json, Message, View
from bot.sandbox.text.mrkdwn import Reader

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


class SeenMessage:
    """A message on one person's screen."""

    def __init__(self, slack: "Workspace", reader: Reader, place: Channel, said: Message) -> None:
        self._slack, self._reader = slack, reader
        self.place, self.raw = place, said
        self.ts = said.ts

    def __repr__(self) -> str:
        return f"<{self.author} in {self.place.name}: {self.text!r}>"

    @property
    def text(self) -> str:
        """All that is visible: the blocks, or the text where there are none."""
        return visible(self._reader, self.raw)

    @property
    def notification(self) -> str:
        """What a telephone's lock screen would show: the text, whatever the blocks say."""
        return self._reader.shows(self.raw.text)

    @property
    def author(self) -> str:
        return self._slack.users[self.raw.user].name

    @property
    def blocks(self) -> list[Json]:
        return self.raw.blocks

    @property
    def buttons(self) -> list[str]:
        return [caption(b, e) for b, e in controls(self.raw.blocks) if e["type"] == "button"]

    @property
    def edited(self) -> bool:
        return self.raw.edited is not None

    @property
    def is_ephemeral(self) -> bool:
        return self.raw.ephemeral_to is not None

    @property
    def thread_ts(self) -> str | None:
        return self.raw.thread_ts

    @property
    def thread(self) -> list["SeenMessage"]:
        """The replies to it, oldest first."""
        replies = self.place.replies(self.ts)
        return [SeenMessage(self._slack, self._reader, self.place, reply) for reply in replies]

    @property
    def reactions(self) -> dict[str, int]:
        return {name: len(users) for name, users in self.raw.reactions.items()}

    @property
    def metadata(self) -> Json | None:
        return self.raw.metadata


class Screenful:
    """A view, by the words on it."""

    def __init__(self, slack: "Workspace", reader: Reader, view: View) -> None:
        self._slack, self._reader = slack, reader
        self.view = view

    @property
    def text(self) -> str:
        """Every line on it, labels and hints too; buttons are not text."""
        return shown(self._reader, self.view.blocks)

    @property
    def buttons(self) -> list[str]:
        return [caption(b, e) for b, e in controls(self.view.blocks) if e["type"] == "button"]


class Home(Screenful):
    """The App Home tab."""


class Modal(Screenful):
    """The modal in front."""

    @property
    def title(self) -> str:
        return str(self.view.body["title"]["text"])

    @property
    def submit_label(self) -> str | None:
        return self.view.body["submit"]["text"] if "submit" in self.view.body else None

    @property
    def labels(self) -> list[str]:
        return [str(block["label"]["text"]) for block, _ in self._inputs()]

    @property
    def errors(self) -> dict[str, str]:
        """What stands in red, by label; under "" what concerns the form as a whole."""
        labels = {block["block_id"]: str(block["label"]["text"]) for block, _ in self._inputs()}
        return {labels.get(block_id, block_id): text for block_id, text in self.view.errors.items()}

    @property
    def depth(self) -> int:
        """How many modals lie on each other."""
        return len(self._slack.modals.get(self.view.user, []))

    def value(self, label: str) -> Any:
        """What stands in a field: text, option texts, handles or names; None when it is empty."""
        block, element = named(self.view.blocks, label)
        return in_words(self._slack, self._state(block, element))

    def options(self, label: str) -> list[str]:
        """The texts of a menu's own options."""
        return [option["text"]["text"] for option in options_of(named(self.view.blocks, label)[1])]

    def _state(self, block: Json, element: Json) -> Json:
        values = form_state.state(self.view.blocks, self.view.values)
        state: Json = values[block["block_id"]][element["action_id"]]
        return state

    def _inputs(self) -> Iterator[tuple[Json, Json]]:
        return ((b, e) for b, e in controls(self.view.blocks) if b["type"] == "input")


def _plain(words: str) -> str:
    return words.replace("_", " ").strip().rstrip("*:").strip().casefold()


def named(blocks: list[Json], words: str, *kinds: str) -> tuple[Json, Json]:
    """The control with these words on or beside it, of these kinds if given. Raises LookupError."""
    found = [(b, e) for b, e in controls(blocks) if not kinds or e["type"] in kinds]
    for how in (str, _plain):
        for block, element in found:
            if how(words) in (how(word) for word in _words(block, element)):
                return block, element
    there = ", ".join(repr(caption(block, element)) for block, element in found)
    raise LookupError(f"Nothing here is called {words!r}; there are {there or 'none'}.")


def _words(block: Json, element: Json) -> list[str]:
    """All by which a person might call a control: label or button text, placeholder, the section beside it."""
    placeholder = element.get("placeholder", {}).get("text", "")
    beside = block["text"]["text"] if isinstance(block.get("text"), dict) else ""
    return [words for words in (caption(block, element), placeholder, beside) if words]
