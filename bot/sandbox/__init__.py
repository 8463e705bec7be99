"""A local Slack workspace: state, Web API, both ways of delivery, limits, faults, people and a page."""

from bot.sandbox.app.faults import Fault, Faults
from bot.sandbox.app.responses import Answer
from bot.sandbox.clock import Clock
from bot.sandbox.person.people import CannotDo, Person
from bot.sandbox.person.screen import Home, Modal, SeenMessage
from bot.sandbox.server import Server
from bot.sandbox.state import Call, Channel, Ring
from bot.sandbox.workspace import Workspace

__all__ = [
    "Answer",
    "Call",
    "CannotDo",
    "Channel",
    "Clock",
    "Fault",
    "Faults",
    "Home",
    "Modal",
    "Person",
    "Ring",
    "SeenMessage",
    "Server",
    "Workspace",
]
