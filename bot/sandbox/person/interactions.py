"""What a person does with buttons, menus and modals, by ids: stories and the page both end here."""

from typing import TYPE_CHECKING

from bot.sandbox import modals
from bot.sandbox.app import payloads, responses
from bot.sandbox.app.responses import Answer
from bot.sandbox.person import form_state, sent_files, values
from bot.sandbox.person.block_text import controls
from bot.sandbox.person.messaging import Voice
from bot.sandbox.person.values import CannotDo
from bot.sandbox.state import Json, Message, User, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Place = tuple[Json, list[Json], Message | View]
"""Where a control stands: the payload's part that says so, its blocks, and what holds them."""
SHOWN = ("placeholder", "confirm", "initial_option", "initial_user", "initial_date", "initial_time")
"""What a payload repeats of a menu or picker beside its value."""


class Hands(Voice):
    """Presses, picks, types and submits: also for somebody deactivated a moment ago, whose screen is still open."""

    def __init__(self, slack: "Workspace", user: User) -> None:
        super().__init__(slack, user)
        self._suggested: dict[tuple[str, str], list[Json]] = {}

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
        return await self._dispatch(container, holder, action)

    async def _dispatch(self, container: Json, holder: Message | View, action: Json) -> Answer:
        answer = Answer(self.reader)
        payload = payloads.block_actions(
            self.slack,
            self.user,
            self._container(container)[0],  # looked at again: what was just typed belongs into it
            action,
            trigger=self.slack.triggers.issue(self.user.id, holder.id if isinstance(holder, View) else None),
            values={} if isinstance(holder, View) else self._chosen(holder),
        )
        if isinstance(holder, Message):
            place = self.slack.channels[holder.channel]
            payload["response_url"] = self.slack.hooks.issue(self.user.id, place, holder, replies=answer.said)
        answer.failure = (await self.slack.interact("interactive", payload)).failure
        if answer.failure and isinstance(holder, View):
            holder.errors = {"": form_state.TROUBLE}
        return answer

    def _chosen(self, said: Message) -> Json:
        return form_state.state(said.blocks, said.selected.get(self.user.id, {}))

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
            action |= {key: element[key] for key in SHOWN if key in element} | kept
        return action | {"action_ts": self.slack.next_ts()}

    def _keep(self, holder: Message | View, block: Json, element: Json, value: Json) -> Json:
        if element["type"] == "file_input":
            value = sent_files.sent(self.slack, self.user, element, value)
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
        options = responses.suggestions(self.slack, await self.slack.interact("interactive", payload))
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
        filled = form_state.state(seen.blocks, seen.values)
        seen.errors = form_state.refusals(seen.blocks, filled)
        if seen.errors:
            return seen.errors
        trigger = self.slack.triggers.issue(self.user.id, seen.id)
        payload = payloads.view_submission(self.slack, self.user, seen, trigger=trigger)
        responses.apply_submission(self.slack, seen, await self.slack.interact("interactive", payload))
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
