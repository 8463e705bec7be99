"""A Slack workspace with one app installed in it: who and what there is, and how it is found."""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

from bot.sandbox import membership, objects
from bot.sandbox.app import payloads
from bot.sandbox.app.delivery import Ack, Delivery
from bot.sandbox.app.faults import Faults
from bot.sandbox.app.manifest import load
from bot.sandbox.app.rate_limits import Limits
from bot.sandbox.app.response_urls import Hooks
from bot.sandbox.app.triggers import Triggers
from bot.sandbox.clock import Clock
from bot.sandbox.page.watchers import Changes
from bot.sandbox.person.people import Person
from bot.sandbox.state import Call, Channel, Execution, Json, Ring, Upload, User, Usergroup, View

COLORS = ("4bbe2e", "e7392d", "3c8c69", "674b1b", "e96699", "2b6836", "9f69e7", "43761b", "b14cbc", "235e5b")
"""The colours Slack gives to names."""


class Workspace:
    """The state of a workspace. It keeps no doors itself: a `Server` opens them."""

    def __init__(
        self,
        manifest: Path | str | Mapping[str, Any],
        *,
        clock: Clock | None = None,
        name: str = "Deskbell",
        monotonic: Callable[[], float] = time.monotonic,
        ack_seconds: float = 3.0,
    ) -> None:
        self.manifest = load(manifest)
        self.clock = clock or Clock()
        self.name, self.domain = name, name.lower().replace(" ", "-")
        self.ack_seconds = ack_seconds
        self.paid_plan = True
        self._serials: dict[str, int] = {}
        self._last_micros = 0
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, Upload] = {}
        self.executions: dict[str, Execution] = {}
        """Steps of workflows, by Slack's id of each."""
        self.tickets: set[str] = set()
        """Websocket addresses handed out by apps.connections.open, each good for one connection."""
        self._people: dict[str, Person] = {}
        self.rings: list[Ring] = []
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        """What the app did over its own doors that Slack would have refused without telling it so."""
        self.faults, self.limits = Faults(), Limits(self.clock.now)
        self.triggers, self.hooks = Triggers(monotonic), Hooks(self)
        self.changes, self.delivery = Changes(), Delivery(self)
        self.busy = ""
        """What is done before anybody looks, in a sentence: the page says that instead of showing a half of it."""
        self.base_url: str | None = None
        """Where the doors are, while a server holds them open."""
        self.revoked: str | None = None
        """The error that the app's tokens answer with once they are no good, such as `token_revoked`."""
        self.bot_token = f"xoxb-not-a-real-token-{token_hex(8)}"
        self.app_token = f"xapp-not-a-real-token-{token_hex(8)}"
        self.signing_secret = token_hex(16)
        self._install()

    def _install(self) -> None:
        """The app's own user, Slackbot, and the channel that every workspace has."""
        self.team_id, self.app_id, self.bot_id = self.new_id("T"), self.new_id("A"), self.new_id("B")
        self._add_user("slackbot", "Slackbot", "America/Los_Angeles", id="USLACKBOT")
        name = self.manifest.app_name
        self.bot_user = self._add_user(name.lower().replace(" ", ""), name, "America/Los_Angeles", is_bot=True)
        self.general = self._new_channel("general", creator="USLACKBOT", is_general=True)

    def new_id(self, prefix: str) -> str:
        """The next id of its kind; the same seed gives the same ids."""
        self._serials[prefix] = self._serials.get(prefix, 0) + 1
        return f"{prefix}0{self._serials[prefix]:09d}"

    def next_ts(self) -> str:
        """A timestamp that no other has, later than all before it."""
        self._last_micros = max(self._last_micros + 1, int(self.clock.now().timestamp() * 1_000_000))
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    # People

    def add_person(
        self, handle: str, *, real_name: str | None = None, tz: str = "Europe/London", **standing: Any
    ) -> Person:
        """A new member, in #general unless a guest. `standing`: fields of User such as is_admin, title, email."""
        if self.user_named(handle) is not None:
            raise ValueError(f"@{handle} is here already.")
        name = real_name or handle.replace("-", " ").replace(".", " ").title()
        who = self._add_user(handle, name, tz, **standing)
        if not who.is_guest:
            membership.join(self, self.general, who.id, quietly=True)
        return self.person(handle)

    def _add_user(self, handle: str, real_name: str, tz: str, **fields: Any) -> User:
        fields.setdefault("id", self.new_id("U"))
        now, color = objects.seconds(self.clock.now()), COLORS[len(self.users) % len(COLORS)]
        who = User(name=handle, real_name=real_name, tz=tz, color=color, updated=now, **fields)
        self.users[who.id] = who
        return who

    def person(self, handle: str) -> Person:
        """The person who acts under this handle. Raises LookupError."""
        who = self.user_named(handle)
        if who is None or who.is_bot:
            known = ", ".join(user.name for user in self.people)
            raise LookupError(f"Nobody here is called {handle!r}; there are {known}.")
        return self._people.setdefault(who.id, Person(self, who))

    @property
    def people(self) -> list[User]:
        """Everybody of flesh and blood."""
        return [u for u in self.users.values() if not u.is_bot and u.id != "USLACKBOT"]

    def user_named(self, handle: str) -> User | None:
        wanted = handle.removeprefix("@").lower()
        return next((user for user in self.users.values() if user.name.lower() == wanted), None)

    def change_person(self, handle: str, **fields: Any) -> None:
        """Change fields of a User (`deleted=True` deactivates) and tell the app, as Slack does."""
        who = self.person(handle).user
        for name, value in fields.items():
            if not hasattr(who, name):
                raise AttributeError(f"A user has no {name!r}.")
            setattr(who, name, value)
        who.updated = objects.seconds(self.clock.now())
        self.emit("user_change", {"user": objects.user(self, who), "cache_ts": who.updated})
        self.changes.touch(people=[who.name])

    # Channels and groups

    def add_channel(self, name: str, *, is_private: bool = False, members: Iterable[str] = ()) -> Channel:
        """A channel made by its first member (Slackbot if none), with people in it by handle."""
        users = [self.person(handle).user.id for handle in members]
        place = self._new_channel(name, creator=users[0] if users else "USLACKBOT", is_private=is_private)
        for user in users:
            membership.join(self, place, user, quietly=True)
        return place

    def _new_channel(self, name: str, *, creator: str, **fields: Any) -> Channel:
        now = objects.seconds(self.clock.now())
        place = Channel(id=self.new_id("C"), name=name, created=now, creator=creator, **fields)
        self.channels[place.id] = place
        return place

    def create_channel(self, name: str, *, creator: str, is_private: bool) -> Channel:
        """A channel with its creator in it, as conversations.create leaves it."""
        place = self._new_channel(name, creator=creator, is_private=is_private)
        membership.join(self, place, creator, quietly=True)
        self.changes.touch(channels=[name])
        return place

    def channel(self, name: str) -> Channel:
        """The channel of this name. Raises LookupError."""
        place = self.channel_named(name)
        if place is None:
            known = ", ".join(c.name for c in self.channels.values() if not c.is_im)
            raise LookupError(f"There is no channel {name!r}; there are {known}.")
        return place

    def channel_named(self, name: str) -> Channel | None:
        wanted = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == wanted and not c.is_im), None)

    def direct(self, user: str) -> Channel:
        """The direct message between the app and a person, opened when it is not yet there."""
        for place in self.channels.values():
            if place.is_im and place.user == user:
                return place
        place = Channel(
            id=self.new_id("D"), name="DM", created=objects.seconds(self.clock.now()), creator=self.bot_user.id,
            is_im=True, is_private=True, user=user, members=[self.bot_user.id, user],
        )  # fmt: skip
        self.channels[place.id] = place
        return place

    def add_usergroup(self, handle: str, members: Iterable[str]) -> Usergroup:
        """A user group of people by handle."""
        now = objects.seconds(self.clock.now())
        users = [self.person(member).user.id for member in members]
        group = Usergroup(self.new_id("S"), handle, handle.replace("-", " ").title(), users, now, now)
        self.usergroups[group.id] = group
        return group

    def change_usergroup(self, handle: str, members: Iterable[str]) -> None:
        """Give a group other members and tell the app. Raises LookupError."""
        self.set_usergroup(self.usergroup(handle), [self.person(member).user.id for member in members])

    def set_usergroup(self, group: Usergroup, ids: list[str]) -> None:
        """The same, by ids."""
        before, group.members = group.members, ids
        earlier, group.date_update = group.date_update, objects.seconds(self.clock.now())
        membership.tell_group_changed(self, group, before, earlier)
        self.changes.touch(people=[one.name for one in self.people])

    def disable_usergroup(self, handle: str, *, again: bool = False) -> None:
        """As an admin does who takes a group away; `again`: gives it back. Raises LookupError."""
        self.usergroup(handle).date_delete = 0 if again else objects.seconds(self.clock.now())

    def usergroup(self, handle: str) -> Usergroup:
        """Raises LookupError."""
        group = next((g for g in self.usergroups.values() if g.handle == handle), None)
        if group is None:
            raise LookupError(f"There is no user group {handle!r}.")
        return group

    # The app

    def emit(self, name: str, inner: Json) -> None:
        """Send an event if the manifest subscribes to it (`message.channels` and its like arrive as `message`)."""
        if name in self.manifest.events and self.base_url is not None:
            inner = {"type": name.partition(".")[0], **inner}
            inner.setdefault("event_ts", self.next_ts())
            self.delivery.event(payloads.event(self, inner))

    async def runs_step(self, callback_id: str, **inputs: str) -> Execution:
        """A workflow comes to a step of the app's. Raises KeyError for one that its manifest does not declare."""
        declared = self.manifest.functions[callback_id]
        wanted = declared["input_parameters"]
        if (missing := set(wanted.get("required", ())) - set(inputs)) or set(inputs) - set(wanted["properties"]):
            raise ValueError(f"{callback_id} takes {', '.join(wanted['properties'])}; missing: {', '.join(missing)}")
        execution = Execution(self.new_id("Fx"), callback_id)
        self.executions[execution.id] = execution
        function = {"id": self.new_id("Fn"), "callback_id": callback_id, "title": declared["title"], "type": "app"}
        self.emit(
            "function_executed",
            {
                "function": function | {"app_id": self.app_id},
                "inputs": inputs,
                "function_execution_id": execution.id,
                "workflow_execution_id": self.new_id("Wx"),
                "bot_access_token": f"xwfp-{execution.id}",
            },
        )
        await self.quiet()
        return execution

    async def quiet(self) -> None:
        """Wait until the app has had every event sent so far."""
        await self.delivery.quiet()

    async def interact(self, kind: str, payload: Json) -> Ack:
        """Send a command or an interaction to the app and wait for its answer."""
        return await self.delivery.send(kind, payload)

    def complain(self, what: str) -> None:
        self.complaints.append(what)

    def drop_socket(self) -> None:
        """Cut every Socket Mode connection as a broken network does, without a goodbye."""
        for connection in self.delivery.sockets.connections:
            connection.abort()

    def disconnect_socket(self, reason: str = "refresh_requested") -> None:
        """Ask the app to reconnect, as Slack does every few hours."""
        for connection in self.delivery.sockets.ready:
            connection.retire(reason)
