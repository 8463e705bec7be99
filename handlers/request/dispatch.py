"""Routing: one listener for each kind of payload, which finds what answers in a dictionary.

Bolt asks its matchers one after another, so a hundred of them cost the last one milliseconds.
"""

import logging
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from inspect import signature
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.rules.record.refusals import NothingAnswers
from handlers.records.commands import Listener
from handlers.request import app as request_app
from handlers.request import sent_files
from handlers.request.linked import given

log = logging.getLogger(__name__)

EVERY = re.compile("")
"""Hands every id to the dictionary."""


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

    def register(self, app: AsyncApp) -> None:
        app.command(EVERY)(route(self.commands, lambda args: args.command["command"]))
        app.action({"type": "block_actions", "action_id": EVERY})(
            route(self.actions, lambda args: args.action["action_id"])
        )
        app.view(EVERY)(_with_files(route(self.submissions, lambda args: args.view["callback_id"])))
        app.view_closed(EVERY)(route(self.closings, lambda args: args.view["callback_id"], quiet=True))
        app.event(EVERY)(route(self.events, lambda args: args.event["type"], quiet=True))
        app.shortcut(EVERY)(route(self.shortcuts, lambda args: args.shortcut["callback_id"]))
        app.options({"action_id": EVERY})(route(self.options, lambda args: args.payload["action_id"]))


def _with_files(listener: Listener) -> Listener:
    """The files of a form are read before it is taken in: no transaction is open while Slack hands them over."""

    async def reading(args: AsyncArgs) -> None:
        await sent_files.digest_answers(args.client, args.view or {})
        await listener(args)

    return reading


@cache
def _parameters(listener: Listener) -> tuple[str, ...]:
    """Read once a process: a test makes thousands of apps, and 450 signatures cost 0.02 s."""
    return tuple(signature(listener).parameters)


def route(listeners: Mapping[str, Listener], name_of: Callable[[Any], str], *, quiet: bool = False) -> Listener:
    """One listener for all of these. What is unknown is logged and answered: `quiet` where nobody waits for words."""
    wanted = {name: (listener, _parameters(listener)) for name, listener in listeners.items()}

    async def listener(args: AsyncArgs) -> None:
        name = name_of(args)
        found = wanted.get(name)
        if found is not None:
            chosen, parameters = found
            await chosen(**{one: given(args, one) for one in parameters})
            return
        log.warning("nothing answers %r", name)
        if not quiet:
            raise NothingAnswers()
        request_app.came_to("unknown")
        await args.ack()

    return listener
