"""A person in a story: acts and reads by the words on the screen, never by ids."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.app.responses import Answer
from bot.sandbox.person import values
from bot.sandbox.person.block_text import controls
from bot.sandbox.person.interactions import Hands
from bot.sandbox.person.screen import Home, Modal, SeenMessage, named
from bot.sandbox.person.values import CannotDo
from bot.sandbox.state import Json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

__all__ = ["CannotDo", "Person"]

MENUS = (
    "overflow", "static_select", "external_select", "users_select", "channels_select", "conversations_select",
    "multi_static_select", "multi_external_select", "multi_users_select", "radio_buttons", "checkboxes",
    "datepicker", "timepicker", "datetimepicker",
)  # fmt: skip
MODAL: Json = {"type": "modal"}
HOME: Json = {"type": "home"}


class Person(Hands):
    """Somebody who works in the workspace. Every act returns when the app has acknowledged it."""

    def __repr__(self) -> str:
        return f"<Person {self.user.name}>"

    slack: "Workspace"

    @property
    def handle(self) -> str:
        return self.user.name

    @property
    def id(self) -> str:
        return self.user.id

    # What they see

    @property
    def modal(self) -> Modal | None:
        """The modal in front, if one is open."""
        seen = self.top()
        return None if seen is None else Modal(self.slack, self.reader, seen)

    @property
    def home(self) -> Home | None:
        """App Home as it was last published for them."""
        seen = self.slack.homes.get(self.user.id)
        return None if seen is None else Home(self.slack, self.reader, seen)

    def messages(self, channel: str) -> list[SeenMessage]:
        """All that they can see in a channel or "DM", oldest first; nothing of a private one they are not in."""
        place = self.place(channel)
        if place.is_private and self.user.id not in place.members:
            return []
        return [SeenMessage(self.slack, self.reader, place, said) for said in place.seen_by(self.user.id)]

    def notes(self, channel: str | None = None) -> list[str]:
        """The ephemeral texts shown to them alone, oldest first."""
        return [one.text for one in self.noted(channel)]

    def noted(self, channel: str | None = None) -> list[SeenMessage]:
        """The same as messages, whose text is made only when it is asked for."""
        places = [self.place(channel)] if channel else self.slack.channels.values()
        notes = [m for place in places for m in place.messages if m.ephemeral_to == self.user.id]
        notes.sort(key=lambda m: m.ts)
        return [SeenMessage(self.slack, self.reader, self.slack.channels[m.channel], m) for m in notes]

    def _visible(self, channel: str | None) -> list[SeenMessage]:
        """Every message they can see, newest first."""
        if channel is not None:
            return self.messages(channel)[::-1]
        places = [p for p in self.slack.channels.values() if self.user.id in p.members]
        seen = [
            SeenMessage(self.slack, self.reader, place, said)
            for place in places
            for said in place.seen_by(self.user.id)
        ]
        return sorted(seen, key=lambda message: message.ts, reverse=True)

    # Commands and messages

    async def runs(self, text: str, channel: str = "general") -> Answer:
        """Run a slash command."""
        return await self.command(channel, text)

    async def says(self, text: str, channel: str = "general", thread: SeenMessage | str | None = None) -> SeenMessage:
        """Write a message, or a reply in a thread."""
        thread_ts = thread.ts if isinstance(thread, SeenMessage) else thread
        said = await self.say(channel, text, thread_ts)
        return SeenMessage(self.slack, self.reader, self.slack.channels[said.channel], said)

    async def reacts(self, name: str, message: SeenMessage) -> None:
        await self.react(message.place.name, message.ts, name)

    async def unreacts(self, name: str, message: SeenMessage) -> None:
        await self.unreact(message.place.name, message.ts, name)

    async def uses_shortcut(self, name: str, message: SeenMessage | None = None) -> Answer:
        """Use a shortcut by its name in the menu, on a message if one is given."""
        kind = "global" if message is None else "message"
        found = [s for s in self.slack.manifest.shortcuts if s.type == kind and s.name == name]
        if not found:
            raise LookupError(f"The app has no {kind} shortcut {name!r}.")
        where = (message.place.name, message.ts) if message else ()
        return await self.shortcut(found[0].callback_id, *where)

    async def opens_home(self) -> Home | None:
        """Open the Home tab, and see what is there once the app has heard of it."""
        await self.home_opened()
        return self.home

    # Forms

    async def fills(self, *pairs: dict[str, Any], **fields: Any) -> None:
        """Fill fields of the modal by label: text, option texts, handles, dates, aware datetimes."""
        for label, words in _merged(*pairs, **fields).items():
            await self._fill(label, words)

    async def _fill(self, label: str, words: Any) -> None:
        modal = self._open_modal()
        block, element = named(modal.view.blocks, label)
        if element["type"] in ("button", "overflow"):
            raise CannotDo(f"{label!r} is pressed, not filled in.")
        raw = await self._raw(MODAL, block, element, words)
        await self.act(MODAL, block["block_id"], element["action_id"], raw)

    async def _raw(self, container: Json, block: Json, element: Json, words: Any) -> Json:
        options = values.options_of(element)
        if element["type"].endswith("external_select") and words is not None:
            asked = words if isinstance(words, list) else [words]
            for word in asked:
                options += await self.suggest(container, block["block_id"], element["action_id"], word)
        return values.from_words(self.slack, element, words, options)

    async def submits(self, *pairs: dict[str, Any], **fields: Any) -> dict[str, str]:
        """Fill in, press the submit button, and return what then stands in red, by label."""
        await self.fills(*pairs, **fields)
        modal = self._open_modal()
        await self.submit()
        return modal.errors

    async def closes(self) -> None:
        """Close the modal in front."""
        await self.close()

    def _open_modal(self) -> Modal:
        if (modal := self.modal) is None:
            raise CannotDo(f"@{self.user.name} has no modal open. Their last note: {(self.notes() or ['none'])[-1]!r}")
        return modal

    # Buttons and menus

    async def clicks(
        self,
        label: str,
        channel: str | None = None,
        *,
        message: SeenMessage | str | None = None,
        where: str | None = None,
    ) -> Answer:
        """Click the button with this label: in the modal or home (`where`), else in the newest message that has it."""
        container, block, element = self._find(label, channel, message, where, ("button",))
        return await self.act(container, block["block_id"], element["action_id"], {"button": True})

    async def chooses(
        self,
        option: Any,
        from_: str | None = None,
        channel: str | None = None,
        *,
        message: SeenMessage | str | None = None,
        where: str | None = None,
    ) -> Answer:
        """Choose from a menu in a message or home; `from_`: its placeholder or the words beside it."""
        container, block, element = self._find(from_, channel, message, where, MENUS, holding=option)
        if element["type"] == "overflow":
            raw = {"option": values.option_named(element["options"], option)["value"]}
        else:
            raw = await self._raw(container, block, element, option)
        return await self.act(container, block["block_id"], element["action_id"], raw)

    def _find(
        self,
        label: str | None,
        channel: str | None,
        message: SeenMessage | str | None,
        where: str | None,
        kinds: tuple[str, ...],
        holding: Any = None,
    ) -> tuple[Json, Json, Json]:
        """The control meant, and the container it stands in. Raises LookupError, naming what there is."""
        for container, blocks in self._containers(channel, message, where):
            found = [(b, e) for b, e in controls(blocks) if e["type"] in kinds]
            if label is None:
                found = [(b, e) for b, e in found if _has(e, holding)]
            elif found:
                try:
                    found = [named(blocks, label, *kinds)]
                except LookupError:
                    continue
            if found:
                return container, *found[0]
        wanted = label or holding
        raise LookupError(f"@{self.user.name} sees nothing to press called {wanted!r}. {self._pressable(channel)}")

    def _containers(
        self, channel: str | None, message: SeenMessage | str | None, where: str | None
    ) -> list[tuple[Json, list[Json]]]:
        if where == "modal" or (where is None and channel is None and message is None and self.modal):
            return [(MODAL, self._open_modal().view.blocks)]
        if where == "home":
            return [(HOME, self.home.view.blocks)] if self.home else []
        if isinstance(message, SeenMessage):
            seen = [message]
        else:
            seen = [m for m in self._visible(channel) if message is None or message in m.text]
        return [({"type": "message", "channel": m.place.name, "ts": m.ts}, m.blocks) for m in seen]

    def _pressable(self, channel: str | None) -> str:
        buttons = {button for message in self._visible(channel) for button in message.buttons}
        return f"There are {', '.join(sorted(buttons)) or 'no buttons'}."


def _has(element: Json, option: Any) -> bool:
    return any(known["text"]["text"] == option for known in values.options_of(element))


def _merged(*pairs: dict[str, Any], **fields: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for more in (*pairs, fields):
        merged |= more
    return merged
