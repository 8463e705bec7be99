"""Routing: one listener for each kind of payload, which finds what answers in a dictionary.

Bolt asks its matchers one after another, so a hundred of them cost the last one milliseconds; and for each matcher and
listener it puts together all that either might ask for.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from inspect import signature
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.listener.async_listener import AsyncListener
from slack_bolt.request import payload_utils

from bot.rules.record.refusals import NothingAnswers
from handlers.records.commands import Listener
from handlers.request import app as request_app
from handlers.request import sent_files
from handlers.request.app import Door
from handlers.request.linked import given

log = logging.getLogger(__name__)

Payload = dict[str, Any]
Answering = Callable[[AsyncBoltRequest, Payload], Awaitable[None]]


class KindListener(AsyncListener):
    """Bolt's listener of one kind of payload, for which no matcher is asked."""

    matchers, middleware, lazy_functions = (), (), ()
    ack_timeout = 3

    def __init__(
        self, payload_of: Callable[[Payload], Payload | None], answering: Answering, *, acknowledges: bool = False
    ) -> None:
        """`payload_of`: None of a request of another kind; `acknowledges`: what the listener left unacknowledged."""
        self._payload_of, self._answering = payload_of, answering
        self.ack_function: Any = answering
        self.auto_acknowledgement = acknowledges

    async def async_matches(self, *, req: AsyncBoltRequest, resp: BoltResponse) -> bool:  # noqa: ARG002 - Bolt names it
        return self._payload_of(req.body) is not None

    async def run_ack_function(self, *, request: AsyncBoltRequest, response: BoltResponse) -> None:  # noqa: ARG002
        await self._answering(request, self._payload_of(request.body) or {})


@dataclass(frozen=True)
class Routes:
    """What answers, by kind of payload and by id."""

    commands: Mapping[str, Listener]
    actions: Mapping[str, Listener]
    submissions: Mapping[str, Listener]
    events: Mapping[str, Listener]
    shortcuts: Mapping[str, Listener]
    options: Mapping[str, Listener]
    closings: Mapping[str, Listener] = field(default_factory=dict)
    """Of forms that are closed without being sent, where somebody wants to know."""

    @property
    def names(self) -> Mapping[str, Collection[str]]:
        """All that a request may be counted under, by its kind."""
        return {
            "command": self.commands,
            "action": self.actions,
            "submission": self.submissions,
            "event": self.events,
            "shortcut": self.shortcuts,
            "options": self.options,
        }

    def register(self, door: Door) -> None:
        utils, submissions = payload_utils, _with_files(route(self.submissions, "callback_id"))
        closings = route(self.closings, "callback_id", quiet=True)
        door.hear(KindListener(utils.to_command, route(self.commands, "command")))
        door.hear(KindListener(_action_of, route(self.actions, "action_id")))
        door.hear(KindListener(lambda body: body["view"] if utils.is_view_submission(body) else None, submissions))
        door.hear(KindListener(lambda body: body["view"] if utils.is_view_closed(body) else None, closings))
        door.hear(KindListener(utils.to_event, route(self.events, "type", quiet=True), acknowledges=True))
        door.hear(KindListener(utils.to_shortcut, route(self.shortcuts, "callback_id")))
        options = route(self.options, "action_id")
        door.hear(KindListener(lambda body: body if utils.is_block_suggestion(body) else None, options))


def _action_of(body: Payload) -> Payload | None:
    return payload_utils.to_action(body) if payload_utils.is_block_actions(body) else None


def _with_files(answering: Answering) -> Answering:
    """The files of a form are read before it is taken in: no transaction is open while Slack hands them over."""

    async def reading(request: AsyncBoltRequest, view: Payload) -> None:
        await sent_files.digest_answers(request.context.client, view)
        await answering(request, view)

    return reading


@cache
def _parameters(listener: Listener) -> tuple[str, ...]:
    """Read once a process: a test makes thousands of apps, and 450 signatures cost 0.02 s."""
    return tuple(signature(listener).parameters)


def route(listeners: Mapping[str, Listener], named_by: str, *, quiet: bool = False) -> Answering:
    """One listener for all of these. What is unknown is logged and answered: `quiet` where nobody waits for words."""
    wanted = {name: (listener, _parameters(listener)) for name, listener in listeners.items()}

    async def answering(request: AsyncBoltRequest, payload: Payload) -> None:
        name = payload[named_by]
        found = wanted.get(name)
        if found is not None:
            chosen, parameters = found
            await chosen(**{one: given(request, payload, one) for one in parameters})
            return
        log.warning("nothing answers %r", name)
        if not quiet:
            raise NothingAnswers()
        request_app.came_to("unknown")
        await request.context.ack()

    return answering
