"""Records that are with people whom Deskbell serves no more."""

from typing import Any, TypeVar

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Person, Record

R = TypeVar("R", bound=Record)

UNSERVED = select(Person.id).where(or_(col(Person.deleted), col(Person.is_guest), col(Person.is_bot)))
"""Those who have left the workspace or are its guests now, and bots, as `usecases.people.served` has it."""


async def held(tx: AsyncSession, table: type[R], holder: Any, *still: Any) -> list[R]:
    """Those in this state whose holder is one of them, by number, held: what somebody gives on meanwhile is not theirs.

    `holder`: the column that names one.
    """
    query = select(table).where(*still, col(holder).in_(UNSERVED)).order_by(col(table.number))
    return list(await tx.exec(query.with_for_update(of=table, key_share=True)))
