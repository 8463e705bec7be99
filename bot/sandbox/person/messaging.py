"""What a person says to Slack: commands, messages, reactions, shortcuts. Ids here; words are for people.py."""

from typing import TYPE_CHECKING

from bot.sandbox import membership, messages, objects
from bot.sandbox.app import payloads, responses
from bot.sandbox.app.responses import Answer
from bot.sandbox.person import sent_files
from bot.sandbox.person.values import CannotDo
from bot.sandbox.state import Channel, Json, Message, User
from bot.sandbox.text import mrkdwn

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

NOT_A_COMMAND = (
    "{command} is not a valid command. Slack takes every message that begins with a slash for a command; "
    "to send it as a message, put a space before the slash."
)


class Voice:
    """Each act goes to the app over its protocol and returns when the app has answered."""

    def __init__(self, slack: "Workspace", user: User) -> None:
        self.slack, self.user = slack, user
        self.reader = mrkdwn.Reader(slack, user)
        self._read: dict[str, str] = {}

    def place(self, name: str) -> Channel:
        """A channel by name, or "DM" for the app's direct message. Raises LookupError."""
        return self.slack.direct(self.user.id) if name == "DM" else self.slack.channel(name)

    def must_be_active(self) -> None:
        """Raises CannotDo for somebody who was deactivated."""
        if self.user.deleted:
            raise CannotDo(f"@{self.user.name} is deactivated.")

    def _writable(self, name: str) -> Channel:
        self.must_be_active()
        place = self.place(name)
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
        payload = payloads.slash_command(
            self.slack,
            self.user,
            place,
            name,
            self._argument(rest.strip(), escaped=known.should_escape),
            response_url=self.slack.hooks.issue(self.user.id, place, replies=answer.said),
            trigger=self.slack.triggers.issue(self.user.id),
        )
        ack = await self.slack.interact("slash_commands", payload)
        said, answer.failure = responses.command_reply(self.slack, self.user.id, place, ack)
        if said is not None:
            answer.said.append(said)
        if answer.failure is not None:
            self._note(place, answer, f'{name} failed with the error "{answer.failure}"')
        return answer

    def _argument(self, text: str, *, escaped: bool) -> str:
        """A command's text as it is sent: people and channels become references only if the manifest asks for it."""
        return mrkdwn.typed(self.slack, text, named=True, broadcasts=False) if escaped else mrkdwn.escape(text)

    def _note(self, place: Channel, answer: Answer, text: str) -> None:
        note = messages.post(self.slack, place, user="USLACKBOT", text=text, ephemeral_to=self.user.id)
        answer.said.append(note)

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message; returns when the app has heard of it, if it listens."""
        place = self._writable(channel)
        if thread_ts is not None:
            self._message(place, thread_ts)
        if place.is_im and (not self.slack.manifest.messages_tab or self.slack.manifest.messages_tab_read_only):
            raise CannotDo("Sending messages to this app has been turned off.")
        stored = mrkdwn.typed(self.slack, text, named=False)
        said = messages.post(self.slack, place, user=self.user.id, text=stored, thread_ts=thread_ts)
        await self.slack.quiet()
        return said

    async def share(self, channel: str, name: str, content: str | bytes, text: str = "") -> Message:
        """Share a file with a channel; returns when the app has heard of it, if it listens."""
        place = self._writable(channel)
        data = content.encode() if isinstance(content, str) else content
        upload = sent_files.kept(self.slack, self.user, name, data)
        said = messages.share(self.slack, place, [upload], user=self.user.id, text=text)
        await self.slack.quiet()
        return said

    async def react(self, channel: str, ts: str, name: str) -> bool:
        """Add a reaction to a message; False where they gave it before. Raises CannotDo."""
        place = self._writable(channel)
        given = messages.react(self.slack, place, self._message(place, ts), self.user.id, name.strip(":"))
        await self.slack.quiet()
        return given

    async def unreact(self, channel: str, ts: str, name: str) -> None:
        """Take a reaction back. Raises CannotDo."""
        place = self._writable(channel)
        messages.unreact(self.slack, place, self._message(place, ts), self.user.id, name.strip(":"))
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
        self.must_be_active()
        if not self.slack.manifest.home_tab:
            raise CannotDo("This app has no Home tab.")
        opened: Json = {"user": self.user.id, "channel": self.slack.direct(self.user.id).id, "tab": "home"}
        if (seen := self.slack.homes.get(self.user.id)) is not None:
            opened["view"] = objects.view(self.slack, seen)
        self.slack.emit("app_home_opened", opened)
        await self.slack.quiet()

    async def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> Answer:
        """Use a global shortcut, or with `channel` and `ts` a message shortcut."""
        self.must_be_active()
        kind = "message" if ts else "global"
        known = {s.callback_id for s in self.slack.manifest.shortcuts if s.type == kind}
        if callback_id not in known:
            raise CannotDo(f"The app has no {kind} shortcut {callback_id!r}.")
        trigger = self.slack.triggers.issue(self.user.id)
        if not ts or not channel:
            payload = payloads.shortcut(self.slack, self.user, callback_id, trigger=trigger)
            return Answer(self.reader, failure=(await self.slack.interact("interactive", payload)).failure)
        place = self.place(channel)
        said = self._message(place, ts)
        answer = Answer(self.reader)
        url = self.slack.hooks.issue(self.user.id, place, said, replies=answer.said)
        payload = payloads.message_action(
            self.slack, self.user, place, said, callback_id, response_url=url, trigger=trigger
        )
        answer.failure = (await self.slack.interact("interactive", payload)).failure
        return answer

    def _message(self, place: Channel, ts: str) -> Message:
        said = place.at(ts)
        if said is None or said.ephemeral_to not in (None, self.user.id):
            raise CannotDo(f"There is no message {ts} in #{place.name}.")
        return said

    def read(self, channel: str) -> None:
        """Mark everything in a channel as seen."""
        self._read[self.place(channel).id] = self.slack.next_ts()

    def unread(self, channel: str) -> int:
        """How many messages of others came since this person last looked."""
        place = self.place(channel)
        since = self._read.get(place.id, "")
        return sum(m.ts > since and m.user != self.user.id for m in place.seen_by(self.user.id))
