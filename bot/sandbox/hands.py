"""What a person does to Slack, by ids: every way of acting, in stories and on the page, ends here."""

from typing import TYPE_CHECKING

from bot.sandbox import answers, forms, membership, messages, modals, mrkdwn, payloads, shapes, values
from bot.sandbox.answers import Answer
from bot.sandbox.delivery import Ack
from bot.sandbox.reading import controls
from bot.sandbox.state import Channel, Json, Message, User, View
from bot.sandbox.values import CannotDo

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

NOT_A_COMMAND = (
    "{command} is not a valid command. Slack takes every message that begins with a slash for a command; "
    "to send it as a message, put a space before the slash."
)
Place = tuple[Json, list[Json], Message | View]
"""Where a control stands: the payload's part that says so, its blocks, and what holds them."""


class Hands:
    """One person's hands. Each act goes to the app over its protocol and returns when the app has answered."""

    def __init__(self, slack: "Workspace", user: User) -> None:
        self.slack, self.user = slack, user
        self.reader = mrkdwn.Reader(slack, user)
        self._suggested: dict[tuple[str, str], list[Json]] = {}
        self._read: dict[str, str] = {}

    def place(self, name: str) -> Channel:
        """A channel by name, or "DM" for the app's direct message. Raises LookupError."""
        return self.slack.direct(self.user.id) if name == "DM" else self.slack.channel(name)

    def _writable(self, name: str) -> Channel:
        place = self.place(name)
        if self.user.deleted:
            raise CannotDo(f"@{self.user.name} is deactivated.")
        if self.user.id not in place.members:
            raise CannotDo(f"@{self.user.name} is not in #{place.name}.")
        if place.is_archived:
            raise CannotDo(f"#{place.name} is archived.")
        return place

    async def command(self, channel: str, text: str) -> Answer:
        """Type a slash command; a note from Slackbot says when it is unknown or the app does not answer."""
        place = self._writable(channel)
        name, _, rest = text.strip().partition(" ")
        known = self.slack.manifest.commands.get(name)
        answer = Answer(self.reader)
        if known is None:
            self._note(place, answer, NOT_A_COMMAND.format(command=name))
            return answer
        rest = rest.strip()
        rest = mrkdwn.typed(self.slack, rest, named=True, broadcasts=False) if known.should_escape else mrkdwn.escape(rest)
        response_url = self.slack.hooks.issue(self.user.id, place, replies=answer.said)
        trigger = self.slack.triggers.issue(self.user.id)
        payload = payloads.slash_command(
            self.slack, self.user, place, name, rest, response_url=response_url, trigger=trigger
        )
        ack = await self.slack.interact("slash_commands", payload)
        said, answer.failure = answers.command_reply(self.slack, self.user.id, place, ack)
        if said is not None:
            answer.said.append(said)
        if answer.failure is not None:
            self._note(place, answer, f'{name} failed with the error "{answer.failure}"')
        return answer

    def _note(self, place: Channel, answer: Answer, text: str) -> None:
        note = messages.post(self.slack, place, user="USLACKBOT", text=text, ephemeral_to=self.user.id)
        answer.said.append(note)

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message; returns when the app has heard of it, if it listens."""
        place = self._writable(channel)
        if place.is_im and (not self.slack.manifest.messages_tab or self.slack.manifest.messages_tab_read_only):
            raise CannotDo("Sending messages to this app has been turned off.")
        stored = mrkdwn.typed(self.slack, text, named=False)
        said = messages.post(self.slack, place, user=self.user.id, text=stored, thread_ts=thread_ts)
        await self.slack.quiet()
        return said

    async def react(self, channel: str, ts: str, name: str) -> None:
        """Add a reaction to a message. Raises CannotDo."""
        place = self._writable(channel)
        messages.react(self.slack, place, self._message(place, ts), self.user.id, name.strip(":"))
        await self.slack.quiet()

    async def join(self, channel: str) -> None:
        """Come into a public channel."""
        place = self.place(channel)
        if place.is_private:
            raise CannotDo(f"#{place.name} is private: somebody in it must invite you.")
        membership.join(self.slack, place, self.user.id)
        await self.slack.quiet()

    async def leave(self, channel: str) -> None:
        membership.leave(self.slack, self._writable(channel), self.user.id)
        await self.slack.quiet()

    async def home_opened(self) -> None:
        """Open the app's Home tab."""
        if not self.slack.manifest.home_tab:
            raise CannotDo("This app has no Home tab.")
        opened: Json = {"user": self.user.id, "channel": self.slack.direct(self.user.id).id, "tab": "home"}
        if (seen := self.slack.homes.get(self.user.id)) is not None:
            opened["view"] = shapes.view(self.slack, seen)
        self.slack.emit("app_home_opened", opened)
        await self.slack.quiet()

    async def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> Answer:
        """Use a global shortcut, or with `channel` and `ts` a message shortcut."""
        kind = "message" if ts else "global"
        known = {s.callback_id for s in self.slack.manifest.shortcuts if s.type == kind}
        if callback_id not in known:
            raise CannotDo(f"The app has no {kind} shortcut {callback_id!r}.")
        trigger = self.slack.triggers.issue(self.user.id)
        if not ts or not channel:
            payload = payloads.shortcut(self.slack, self.user, callback_id, trigger=trigger)
            return self._answer(await self.slack.interact("interactive", payload))
        place = self.place(channel)
        said = self._message(place, ts)
        answer = Answer(self.reader)
        url = self.slack.hooks.issue(self.user.id, place, said, replies=answer.said)
        payload = payloads.message_action(
            self.slack, self.user, place, said, callback_id, response_url=url, trigger=trigger
        )
        answer.failure = (await self.slack.interact("interactive", payload)).failure
        return answer

    def _answer(self, ack: Ack) -> Answer:
        return Answer(self.reader, failure=ack.failure)

    def _message(self, place: Channel, ts: str) -> Message:
        said = next((m for m in place.seen_by(self.user.id) if m.ts == ts), None)
        if said is None:
            raise CannotDo(f"There is no message {ts} in #{place.name}.")
        return said

    def top(self) -> View | None:
        """The modal in front."""
        stack = self.slack.modals.get(self.user.id)
        return stack[-1] if stack else None

    def _container(self, container: Json) -> Place:
        """Find what a control stands in. Raises CannotDo when it is no longer on the screen."""
        if container["type"] == "message":
            place = self.place(container["channel"])
            said = self._message(place, container["ts"])
            return payloads.in_message(self.slack, place, said), said.blocks, said
        seen = self.top() if container["type"] == "modal" else self.slack.homes.get(self.user.id)
        if seen is None:
            raise CannotDo(f"No {container['type']} is open.")
        return payloads.in_view(self.slack, seen), seen.blocks, seen

    @staticmethod
    def _control(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
        for block, element in controls(blocks):
            if block["block_id"] == block_id and element.get("action_id") == action_id:
                return block, element
        raise CannotDo(f"Nothing here has the ids {block_id!r} and {action_id!r}.")

    async def act(
        self, container: Json, block_id: str, action_id: str, value: Json, typed: Json | None = None
    ) -> Answer:
        """Press, pick or type. An input that does not dispatch only keeps its value. `typed`: as for `submit`."""
        _, blocks, holder = self._container(container)
        block, element = self._control(blocks, block_id, action_id)
        if isinstance(holder, View) and typed:
            self._type(holder, typed)
        action = self._action(holder, block, element, value)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Answer(self.reader)
        where = self._container(container)[0]
        trigger = self.slack.triggers.issue(self.user.id, holder.id if isinstance(holder, View) else None)
        answer = Answer(self.reader)
        chosen = {} if isinstance(holder, View) else self._chosen(holder)
        payload = payloads.block_actions(self.slack, self.user, where, action, trigger=trigger, values=chosen)
        if isinstance(holder, Message):
            place = self.slack.channels[holder.channel]
            payload["response_url"] = self.slack.hooks.issue(self.user.id, place, holder, replies=answer.said)
        answer.failure = (await self.slack.interact("interactive", payload)).failure
        if answer.failure and isinstance(holder, View):
            holder.errors = {"": forms.TROUBLE}
        return answer

    def _chosen(self, said: Message) -> Json:
        return forms.state(said.blocks, said.selected.get(self.user.id, {}))

    def _action(self, holder: Message | View, block: Json, element: Json, value: Json) -> Json:
        """The `actions` entry of the payload; what was chosen is kept in the message or view."""
        kind = element["type"]
        action: Json = {"type": kind, "block_id": block["block_id"], "action_id": element["action_id"]}
        if kind == "button":
            action |= {key: element[key] for key in ("text", "value", "style", "url", "confirm") if key in element}
        elif kind == "overflow":
            option = next((o for o in element["options"] if o["value"] == value.get("option")), None)
            if option is None:
                raise CannotDo(f"{value.get('option')!r} is not among the options.")
            action["selected_option"] = option
        else:
            kept = self._keep(holder, block, element, value)
            shown = ("placeholder", "confirm", "initial_option", "initial_user", "initial_date", "initial_time")
            action |= {key: element[key] for key in shown if key in element} | kept
        return action | {"action_ts": self.slack.next_ts()}

    def _keep(self, holder: Message | View, block: Json, element: Json, value: Json) -> Json:
        suggested = self._suggested.get((block["block_id"], element["action_id"]), [])
        kept = values.element_state(element, value, suggested)
        store = holder.values if isinstance(holder, View) else holder.selected.setdefault(self.user.id, {})
        store.setdefault(block["block_id"], {})[element["action_id"]] = kept
        return kept

    async def suggest(self, container: Json, block_id: str, action_id: str, query: str) -> list[Json]:
        """Type into a menu that asks the app for its options."""
        where, blocks, _ = self._container(container)
        self._control(blocks, block_id, action_id)
        payload = payloads.block_suggestion(self.slack, self.user, where, block_id, action_id, query)
        options = answers.suggestions(self.slack, await self.slack.interact("interactive", payload))
        self._suggested.setdefault((block_id, action_id), []).extend(options)
        return options

    def _type(self, seen: View, typed: Json) -> None:
        for block_id, actions in typed.items():
            for action_id, value in actions.items():
                self._keep(seen, *self._control(seen.blocks, block_id, action_id), value)

    async def submit(self, typed: Json | None = None) -> dict[str, str]:
        """Press the modal's submit button; what stands in red afterwards, by block_id ("" for the form)."""
        seen = self.top()
        if seen is None:
            raise CannotDo("No modal is open.")
        if "submit" not in seen.body:
            raise CannotDo("This modal has no submit button.")
        self._type(seen, typed or {})
        filled = forms.state(seen.blocks, seen.values)
        seen.errors = forms.refusals(seen.blocks, filled)
        if seen.errors:
            return seen.errors
        trigger = self.slack.triggers.issue(self.user.id, seen.id)
        payload = payloads.view_submission(self.slack, self.user, seen, trigger=trigger)
        answers.apply_submission(self.slack, seen, await self.slack.interact("interactive", payload))
        return seen.errors

    async def close(self, *, everything: bool = False) -> None:
        """Close the modal in front, or all of them; views that asked for it are reported to the app."""
        seen = self.top()
        if seen is None:
            raise CannotDo("No modal is open.")
        everything = everything or seen.body.get("clear_on_close", False)
        gone = modals.clear(self.slack, self.user.id) if everything else [seen]
        modals.close(self.slack, seen)
        for view in gone:
            if view.body.get("notify_on_close"):
                payload = payloads.view_closed(self.slack, self.user, view, is_cleared=everything)
                await self.slack.interact("interactive", payload)

    def read(self, channel: str) -> None:
        """Mark everything in a channel as seen."""
        self._read[self.place(channel).id] = self.slack.next_ts()

    def unread(self, channel: str) -> int:
        """How many messages of others came since this person last looked."""
        place = self.place(channel)
        since = self._read.get(place.id, "")
        return sum(m.ts > since and m.user != self.user.id for m in place.seen_by(self.user.id))
