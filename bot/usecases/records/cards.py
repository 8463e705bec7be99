"""Where a record's card stands, for somebody who may see it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import CARDS
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.usecases.policy import in_force
from bot.usecases.records.declared import kind_of
from bot.usecases.records.visibility import private_ones, sees
from storage import records
from storage.db.snapshot import once
from storage.delivery import posts
from storage.tables import Post
from storage.workspace import people as directory


@dataclass(frozen=True)
class Standing:
    """A message of ours, by Slack's ids."""

    channel: str
    ts: str

    def address(self, workspace: str) -> str:
        """Its permalink, as chat.getPermalink gives it; `workspace` is the address that auth.test gives."""
        return f"{workspace.rstrip('/')}/archives/{self.channel}/p{self.ts.replace('.', '')}"


async def standing(tx: AsyncSession, refs: Collection[Ref], lane: str) -> Mapping[Ref, Standing]:
    """Cards of these records for whoever reads `lane`, a channel or a person; those without one are left out.

    A private record is on it where its card stands in this channel, or for a person who may see it. A record that has
    no card of its own is found on the card of the one that it belongs to.
    """
    if not refs:
        return {}
    return await once(tx, ("cards", frozenset(refs), lane), lambda: _standing(tx, refs, lane))


async def _standing(tx: AsyncSession, refs: Collection[Ref], lane: str) -> Mapping[Ref, Standing]:
    found = await _posted(tx, refs, lane)
    belongs = await _belonging(tx, [ref for ref in refs if ref not in found])
    if not belongs:
        return found
    beside = await _posted(tx, set(belongs.values()), lane)
    return {**found, **{ref: beside[other] for ref, other in belongs.items() if other in beside}}


async def _posted(tx: AsyncSession, refs: Collection[Ref], lane: str) -> dict[Ref, Standing]:
    by_ref = defaultdict[str, list[Post]](list)
    for post in await posts.leading_to(tx, [str(ref) for ref in refs], lane):
        by_ref[post.about].append(post)
    posted = [ref for ref in refs if str(ref) in by_ref]
    private = await private_ones(tx, posted)
    shut = await _shut(tx, lane) if private else frozenset[str]()
    for ref in private:
        by_ref[str(ref)] = [post for post in by_ref[str(ref)] if post.lane not in shut]
    found = {ref: _best(by_ref[str(ref)], lane, ref in private) for ref in posted}
    hidden = {ref for ref in private if lane.startswith("@") and not await sees(tx, ref, lane[1:])}
    return {ref: Standing(post.channel, post.ts) for ref, post in found.items() if post and ref not in hidden}


async def _shut(tx: AsyncSession, lane: str) -> frozenset[str]:
    """The policy's private channel, where this person is not in the group that is invited there."""
    policy = (await in_force(tx)).policy
    private = policy.incidents.private
    if lane.startswith("@") and not await directory.is_in(tx, lane[1:], private.group):
        return frozenset({f"#{policy.channel(private.channel)}"})
    return frozenset()


async def _belonging(tx: AsyncSession, refs: Sequence[Ref]) -> Mapping[Ref, Ref]:
    """The record on whose card each of these is shown."""
    found: dict[Ref, Ref] = {}
    for noun, numbers in _by_noun(refs).items():
        kind = kind_of(noun)
        if kind.stands_on is not None:
            for row in await records.numbered(tx, kind.table, numbers):
                other = kind.stands_on(row)
                found |= {Ref(noun, row.number): of_subject(other)} if other else {}
    return found


def _by_noun(refs: Sequence[Ref]) -> Mapping[Noun, list[int]]:
    by_noun = defaultdict[Noun, list[int]](list)
    for ref in refs:
        by_noun[ref.noun].append(ref.number)
    return by_noun


def _best(found: Sequence[Post], lane: str, private: bool) -> Post | None:
    """The card in the reader's own place, else in a channel. Of what is private a person is led to what they were
    told themselves, since they need not be in its channel."""
    own = [post for post in found if post.lane == lane and (private or post.kind in CARDS)]
    rooms = [post for post in found if post.kind in CARDS and post.lane.startswith("#")]
    return next(iter([*own, *([] if private and lane.startswith("#") else rooms)]), None)
