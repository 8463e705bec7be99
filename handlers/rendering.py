"""What a renderer is: an outbox row in, what is said out."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.steps import Step
from handlers.views.kit import HomeView, Message
from storage.tables import Outbox

Rendered: TypeAlias = Message | HomeView | Step | None
Renderer: TypeAlias = Callable[[AsyncSession, Outbox], Awaitable[Rendered]]
