"""What surveys heard from the people of one customer (ISO/IEC 20000-1:2018, 8.3.2)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration.service_guess import UNSURE
from bot.rules.report.records import Survey
from bot.rules.survey.answers import may_be_divided
from bot.usecases.policy import in_force
from storage.survey import surveys
from storage.workspace import people as directory


async def of_customer(tx: AsyncSession, found: Sequence[Survey], customer: str) -> tuple[Survey, ...]:
    """The part of each survey that asked any of them, about a service that is agreed with it or about the desk.

    Without marks where what is shown of customers would tell who gave them.
    """
    known = (await in_force(tx)).policy.customers
    members = await directory.members_of(tx, {one.group for one in known.values()})
    of = {key: set(members[one.group]) for key, one in known.items()}
    agreed = {UNSURE, *known[customer].services}
    about = [one for one in found if one.service in agreed or not known[customer].services]
    told = list[Survey]()
    for one, asked in (await surveys.asked_by(tx, [each.ref for each in about])).items():
        theirs = {person: mark for person, mark in asked.people.items() if person in of[customer]}
        answered = [mark for mark in theirs.values() if mark is not None]
        together = Counter(
            frozenset(key for key, people in of.items() if person in people)
            for person, mark in asked.people.items()
            if mark is not None
        )
        shown = answered if asked.named or may_be_divided(together.values(), asked.least) else []
        part = next(each for each in about if each.ref == one)
        if theirs:
            told.append(replace(part, asked=len(theirs), answered=len(answered), marks=tuple(sorted(shown))))
    return tuple(told)
