"""What the commands of major incidents share: which incident is meant, who is named, how it is answered."""

import re
from collections.abc import Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.major_incident.refusals import NobodyNamed, WhichIncident
from bot.rules.record.refs import Noun, Ref, of_subject
from handlers.records.commands import Asked
from storage.major_incident import major_incidents

REF = re.compile(r"inc-\S+", re.IGNORECASE)


async def ref_of(tx: AsyncSession, asked: Asked, verb: str) -> Ref:
    """The incident that was named, or the one whose channel this is. Raises WhichIncident, UnknownReference."""
    named = next((word for word in asked.text.split() if REF.fullmatch(word)), None)
    if named is not None:
        return Ref.parse(named, Noun.INCIDENT)
    subject = await major_incidents.subject_in(tx, asked.channel)
    if subject is None:
        raise WhichIncident(verb=verb)
    return of_subject(subject)


def named(asked: Asked, ref: Ref, verb: str, more: str) -> str:
    if not asked.people:
        raise NobodyNamed(verb=verb, ref=ref, more=more)
    return asked.people[0]


async def say(asked: Asked, text: str) -> None:
    await asked.ack(response_type="ephemeral", text=text)


def like(pattern: str) -> Callable[[str], bool]:
    """Whether all that was typed has this form, so that “major outage” is still a summary."""
    form = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return lambda typed: form.fullmatch(typed) is not None
