"""Proposed changes of the policy as people see them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.rules.policy.policy import Policy
from bot.rules.policy_proposal.flow import OPEN, ProposalState
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label, stands
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import shorten
from bot.rules.record.waiting import Waits
from bot.usecases.approval.asking import Poll
from handlers.approval.views.of_records import Asked, conditions, votes
from handlers.blocks import facts, holder, kit
from handlers.blocks.kit import Block, Message
from handlers.policy_proposal.actions import ACTIONS
from handlers.records import actions
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage, Reading
from storage.tables import PolicyProposal

_S = ProposalState
MARK = {
    _S.PROPOSED: ":large_purple_circle:",
    _S.APPROVED: ":ballot_box_with_check:",
    _S.ADOPTED: ":white_check_mark:",
    _S.TAKEN_BACK: ":leftwards_arrow_with_hook:",
    _S.REJECTED: ":no_entry_sign:",
    _S.EXPIRED: ":hourglass:",
    _S.OVERTAKEN: ":warning:",
    _S.WITHDRAWN: ":heavy_multiplication_x:",
}
SAID = {
    FactKind.POLICY_PROPOSED: "proposed it",
    FactKind.POLICY_REPLAYED: "ran it over {clocks} promises of the past",
    FactKind.POLICY_AGREED: "approved it",
    FactKind.POLICY_REJECTED: "rejected it",
    FactKind.POLICY_CHANGED: "put it in force as version {version}",
    FactKind.POLICY_HANDED_OVER: "handed it over as a file to commit",
    FactKind.POLICY_OVERTAKEN: "did not put it in force, since it does not fit the policy any more",
    FactKind.POLICY_WITHDRAWN: "withdrew it",
    FactKind.POLICY_TAKEN_BACK: "took it back: version {version} says what version {before} did",
}
"""What a fact says after the name of who did it."""
LINES_MOST = 12
"""Differences on a card; *Read all* has the rest."""


@dataclass(frozen=True)
class Sheet:
    """All that a card shows."""

    proposal: PolicyProposal
    changes: Sequence[str]
    poll: Poll
    links: Sequence[str] = ()


def say(fact: Fact) -> str:
    return facts.said(fact, SAID)


def title(proposal: PolicyProposal) -> str:
    return proposal.title


def reading_of(proposal: PolicyProposal, changes: Sequence[str]) -> Reading:
    said = "The whole policy" if proposal.whole else "What it says"
    texts = {"Why": proposal.why, "What would be different": "\n".join(changes), said: proposal.text}
    return Reading(proposal.title, [Passage(name, text) for name, text in texts.items() if text])


def card(sheet: Sheet) -> Message:
    proposal, state = sheet.proposal, ProposalState(sheet.proposal.state)
    spoken = f"{proposal.ref} {kit.esc(proposal.title)} · {label(state)}"
    return Message(spoken, [*_body(sheet), kit.actions(*_buttons(proposal, state))])


def asked(sheet: Sheet) -> Asked:
    proposal, seen = sheet.proposal, RecordVersion.of(sheet.proposal)
    return Asked(
        seen,
        sheet.poll,
        title=kit.esc(proposal.title),
        by=proposal.proposed_by,
        approval_of="a change of the policy",
        named=facts.named(proposal),
        now=stands(ProposalState(proposal.state)),
        body=lambda: _body(sheet),
        buttons=[*votes(ACTIONS, seen), reading.button(seen)],
        unvote=ACTIONS["unvote"],
    )


def news(proposal: PolicyProposal, fact: Fact) -> Message:
    return facts.news(proposal, fact, say(fact), [actions.more_button(RecordVersion.of(proposal))])


def line(proposal: PolicyProposal) -> str:
    """In two lines of a list."""
    state = ProposalState(proposal.state)
    version = f" as version {proposal.version}" if proposal.version and state is _S.ADOPTED else ""
    by = f"proposed by {kit.mention(proposal.proposed_by)} {kit.when(proposal.proposed_at)}"
    return f"{MARK[state]} {facts.named(proposal)}\n{label(state)}{version} · {by}"


def row(proposal: PolicyProposal, _policy: Policy | None = None) -> Block:
    return kit.section(line(proposal)) | {"accessory": actions.more_button(RecordVersion.of(proposal))}


def waits(one: Waits, _policy: Policy) -> Block:
    """In “Waiting for you”."""
    proposal: PolicyProposal = one.record
    button = actions.button(ACTIONS["vote"], RecordVersion.of(proposal), "primary")
    return kit.section(line(proposal) + holder.stands_in(one.more)) | {"accessory": button}


def ran(replayed: str) -> str:
    """What it would have done to the past."""
    if not replayed:
        return ":hourglass_flowing_sand: It is run over the past; what that comes to stands here soon."
    found = json.loads(replayed)
    come, go = _counted(found["come"]), _counted(found["go"])
    span = f"the last {found['days']} days" if found["days"] > 1 else "the last day"
    if not found["clocks"]:
        return f":bar_chart: Nothing was promised in {span} that it could be run over."
    return (
        f":bar_chart: Run over {found['clocks']} promises of {span}: breaches that would come: {come}; that would go: "
        f"{go}; that would stay: {found['stay']}."
    )


def _counted(found: Mapping[str, int]) -> str:
    """“3 (2 resolution, 1 response)”."""
    kinds = ", ".join(f"{count} {kit.esc(name)}" for name, count in found.items())
    return f"*{sum(found.values())}*" + (f" ({kinds})" if kinds else "")


def _body(sheet: Sheet) -> list[Block]:
    proposal, state = sheet.proposal, ProposalState(sheet.proposal.state)
    said = [f"*{label(state)}*", f"a change of version {proposal.base}, by {kit.mention(proposal.proposed_by)}"]
    said += [f"version {proposal.version}"] if proposal.version and state is _S.ADOPTED else []
    if state is _S.PROPOSED and sheet.poll.is_open:
        said.append(f"waits for {holder.awaited(sheet.poll.standing)}")
    blocks = [kit.section(f"{MARK[state]} {facts.named(proposal)}"), kit.context(" · ".join(said))]
    if proposal.why:
        blocks.append(reading.excerpt(proposal.why, 300, RecordVersion.of(proposal)))
    shown = [f"`{kit.esc(shorten(one, 150)).replace('`', chr(39))}`" for one in sheet.changes[:LINES_MOST]]
    left = len(sheet.changes) - LINES_MOST
    more = [f"and {left} more lines"] if left > 0 else []
    blocks.append(kit.section("\n".join([*shown, *more]) or "_Nothing is different._"))
    if state in OPEN or proposal.replayed:
        blocks.append(kit.context(ran(proposal.replayed)))
    blocks += conditions(sheet.poll)
    if state is _S.APPROVED:
        held = "The policy is kept in a file: commit the one below. Once a start reads it, this is adopted."
        blocks.append(kit.context(f":file_folder: {held}"))
    return blocks + kit.linked(sheet.links)


def _buttons(proposal: PolicyProposal, state: ProposalState) -> list[Block]:
    seen = RecordVersion.of(proposal)
    first = [actions.button(ACTIONS["vote"], seen, "primary")] if state is _S.PROPOSED else []
    back = [actions.button(ACTIONS["take-back"], seen)] if state is _S.ADOPTED else []
    return [*first, reading.button(seen), *back, actions.more_button(seen)]
