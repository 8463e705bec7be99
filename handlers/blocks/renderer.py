"""What a renderer is: an outbox row in, what is said out."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.blocks.kit import HomeView, Message
from handlers.delivery.slack_tasks import Step
from storage.tables import Outbox

Rendered: TypeAlias = Message | HomeView | Step | None
Renderer: TypeAlias = Callable[[AsyncSession, Outbox], Awaitable[Rendered]]
