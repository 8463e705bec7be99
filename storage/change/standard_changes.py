"""Questions about standard changes."""

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.standard_changes import TemplateState
from storage.tables import Template


async def shown(tx: AsyncSession) -> list[Template]:
    """All but the retired, by name."""
    query = select(Template).where(Template.state != TemplateState.RETIRED)
    return list(await tx.exec(query.order_by(func.lower(col(Template.name)), col(Template.number))))


async def in_use(tx: AsyncSession, name: str) -> Template | None:
    """The version of this name that may be used."""
    query = select(Template).where(func.lower(col(Template.name)) == name.lower())
    return (await tx.exec(query.where(Template.state == TemplateState.ACTIVE).limit(1))).first()


async def alike(tx: AsyncSession, name: str, service: str) -> list[Template]:
    """Every version of this name for this service, the newest first."""
    query = select(Template).where(func.lower(col(Template.name)) == name.lower(), Template.service == service)
    return list(await tx.exec(query.order_by(col(Template.version).desc())))
