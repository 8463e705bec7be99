"""Questions about standard changes."""

from collections.abc import Collection
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_templates import TemplateState
from storage import statements
from storage.tables import Template


async def add(tx: AsyncSession, template: Template) -> None:
    tx.add(template)
    await tx.flush()


async def get(tx: AsyncSession, number: int) -> Template | None:
    return (await tx.exec(select(Template).where(Template.number == number))).first()


async def shown(tx: AsyncSession, limit: int) -> list[Template]:
    """All but the retired, by name."""
    query = select(Template).where(Template.state != TemplateState.RETIRED)
    return list(await tx.exec(query.order_by(func.lower(col(Template.name)), col(Template.number)).limit(limit)))


async def alike(tx: AsyncSession, name: str, service: str) -> list[Template]:
    """Every version of this name for this service, the newest first."""
    query = select(Template).where(func.lower(col(Template.name)) == name.lower(), Template.service == service)
    return list(await tx.exec(query.order_by(col(Template.version).desc())))


async def step(tx: AsyncSession, number: int, *, frm: Collection[str], **values: Any) -> bool:
    """Move on from one of the states `frm`; False when it had moved already."""
    return await statements.step(tx, Template, number, frm, None, values)
