"""What a proposed policy would have done to the past: read beside everything else, and kept with the proposal."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import restore
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.usecases.policy import in_force
from bot.usecases.policy_proposal import access
from bot.usecases.policy_proposal.approval import REPLAY
from bot.usecases.records.declared import Deed
from bot.usecases.records.long_timers import Long
from bot.usecases.records.record import record
from bot.usecases.sla.replay import Verdict, replay
from storage.policy_proposal import proposals as stored
from storage.tables import Timer


async def _read(tx: AsyncSession, occurrence: str, now: datetime) -> dict[str, Any]:
    """Counts alone: the card is for everybody, and some of what was broken is private."""
    proposal, desk = await access.find(tx, Ref(Noun.POLICY, int(occurrence))), await in_force(tx)
    span = desk.policy.proposals.replay
    found = await replay(tx, restore(proposal.result), now - span, now)
    return {
        "days": max(span // timedelta(days=1), 1),
        "clocks": found.clocks,
        "come": _counted(found.come),
        "go": _counted(found.go),
        "stay": found.stay,
    }


def _counted(verdicts: Sequence[Verdict]) -> dict[str, int]:
    return dict(sorted(Counter(one.name for one in verdicts).items()))


async def _ring(tx: AsyncSession, timer: Timer, now: datetime, found: Mapping[str, Any]) -> None:
    proposal = await access.find(tx, Ref(Noun.POLICY, int(timer.occurrence)))
    await stored.put(tx, proposal.number, replayed=json.dumps(found, sort_keys=True))
    await tx.refresh(proposal)
    await record(tx, proposal, FactKind.POLICY_REPLAYED, Deed(SYSTEM, now), {"clocks": int(found["clocks"])})


LONG: Mapping[str, Long] = {REPLAY: Long(_read, _ring, timedelta(days=30))}
