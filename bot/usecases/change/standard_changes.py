"""Standard changes: proposed from what went well, approved, used, suspended by a failure, retired."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import notices
from bot.rules.change.flow import ChangeState, ChangeStep, ChangeType, Result, Risk, Role, window_faults
from bot.rules.change.refusals import AlreadyATemplate, NotATemplate, OwnTemplate, TemplateGone
from bot.rules.change.standard_changes import FLOW, TemplateState, TemplateStep, check
from bot.rules.policy.policy import ChannelKey, GroupKey
from bot.rules.record import text
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.flow import Row
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.change import overdue_approvals
from bot.usecases.change.access import ref_of, says, take
from bot.usecases.change.reminders import follow
from bot.usecases.change_window.conflicts import Plan, keep_clear
from bot.usecases.policy import in_force
from bot.usecases.records import steps
from bot.usecases.records.declared import Kind
from bot.usecases.records.record import Deed, record
from bot.usecases.records.visibility import find
from storage import record_numbers, records
from storage.change import changes
from storage.change import standard_changes as stored
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Change, Template
from storage.workspace import people as directory

Way: TypeAlias = Row[TemplateStep, TemplateState, Role]


@dataclass(frozen=True)
class Use:
    """What is asked of who makes a change from a template."""

    why: str
    starts_at: datetime
    ends_at: datetime
    implementer: str


async def usable(tx: AsyncSession, seen: RecordVersion, by: str, now: datetime) -> Template:
    """The version that was seen, if it is in use still. Raises TemplateGone, Debt."""
    await people.member(tx, by)
    template = await find(tx, Template, seen.ref)
    if template.state != TemplateState.ACTIVE or template.version != seen.revision:
        raise TemplateGone(name=f"{seen.ref} {template.name}")
    await overdue_approvals.require_none(tx, template.service, now)
    return template


async def use(tx: AsyncSession, seen: RecordVersion, given: Use, *, by: str, now: datetime) -> Change:
    """A standard change, scheduled at once in the template's words. Raises TemplateGone, Frozen, Debt, FormRefused."""
    template, desk = await usable(tx, seen, by, now), await in_force(tx)
    why = text.clean(given.why)
    faults = text.faults({"why": ("The reason", why, text.WORDS_MOST)})
    faults |= window_faults(given.starts_at, given.ends_at, now)
    if template.service not in desk.policy.services:
        raise TemplateGone(name=f"{seen.ref} {template.name}")
    if faults:
        raise FormRefused(faults)
    await keep_clear(tx, plan_of(template, given.starts_at, given.ends_at))
    change = _from(template, given, why, await record_numbers.next_number(tx, Noun.CHANGE), desk.version, by, now)
    await records.add(tx, change)
    # Held until this commits: a template that is retired at this instant is retired before or after, not between.
    active = [TemplateState.ACTIVE]
    if not await records.step(tx, Template, template.number, from_states=active, version=seen.revision):
        raise TemplateGone(name=f"{seen.ref} {template.name}")
    await take(tx, ChangeStep.SUBMIT, change)
    change = await find(tx, Change, change.ref)
    await take(tx, ChangeStep.PREAPPROVED, change)
    await changes.keep_revision(tx, change.number, 1, says(change), by, now)
    subject = str(ref_of(change))
    data: dict[str, Datum] = {"template": str(template.ref), "version": template.version, "service": template.service}
    data |= {"starts_at": given.starts_at.isoformat(), "ends_at": given.ends_at.isoformat()}
    await journal.record(tx, Fact(FactKind.CHANGE_SCHEDULED, subject, by, now, desk.version, data, {"why": why}))
    await outbox.put_all(tx, notices.announced(subject, desk.policy.channel(ChannelKey.CHANGES), by), now)
    await follow(tx, ref_of(change), now)
    return await find(tx, Change, change.ref)


def plan_of(template: Template, starts_at: datetime, ends_at: datetime) -> Plan:
    """What a change made from it means to do when."""
    return Plan(ChangeType.STANDARD, (template.service,), starts_at, ends_at)


async def propose(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Template:
    """A standard change like one that went well; of one that exists, its next version. Raises NotATemplate."""
    await people.member(tx, by)
    change, desk = await find(tx, Change, ref), await in_force(tx)
    good = change.state == ChangeState.CLOSED and change.type == ChangeType.NORMAL and change.result == Result.SUCCESS
    if not good or change.caused:
        raise NotATemplate(ref=ref)
    alike = await stored.alike(tx, change.title, change.service)
    for one in alike:
        if one.state == TemplateState.PROPOSED or one.proposed_from == change.number:
            raise AlreadyATemplate(name=f"{one.ref} {one.name}", state=one.state)
    template = Template(
        number=await record_numbers.next_number(tx, Noun.STANDARD),
        state=TemplateState.PROPOSED,
        version=alike[0].version + 1 if alike else 1,
        name=change.title,
        service=change.service,
        plan=change.plan,
        test_plan=change.test_plan,
        backout=change.backout,
        proposed_by=by,
        proposed_at=now,
        proposed_from=change.number,
        policy_version=desk.version,
    )
    await records.add(tx, template)
    data: dict[str, Datum] = {"from": str(ref), "version": template.version}
    await record(tx, template, FactKind.TEMPLATE_PROPOSED, Deed(by, now), data)
    channel = desk.policy.channel(ChannelKey.CHANGES)
    managers = [one for one in await directory.members(tx, GroupKey.CHANGE_MANAGERS) if one != by]
    await outbox.put_all(tx, notices.proposed(str(template.ref), channel, managers), now)
    await outbox.redraw(tx, str(ref), now)  # what suggested it
    return template


async def manages(tx: AsyncSession, person: str) -> bool:
    """Whether this person approves and retires standard changes."""
    return await directory.is_in(tx, person, GroupKey.CHANGE_MANAGERS)


async def may_settle(tx: AsyncSession, step: TemplateStep, seen: RecordVersion, *, by: str) -> Template:
    """It, if this person may have it approved or retired. Raises NotAllowed, OwnTemplate, NoSuchRecord."""
    template = await find(tx, Template, seen.ref)
    await people.require(tx, await in_force(tx), by, GroupKey.CHANGE_MANAGERS, f"have {seen.ref} {step}")
    if step is TemplateStep.APPROVE and template.proposed_by == by:
        raise OwnTemplate(ref=seen.ref)
    check(f"{template.ref} {template.name}", step, TemplateState(template.state))
    return template


async def settle(tx: AsyncSession, step: TemplateStep, seen: RecordVersion, *, by: str, now: datetime) -> None:
    """Approved or retired by a change manager, who did not propose it.

    Raises NotAllowed, OwnTemplate, AlreadySettled, Stale.
    """
    template = await may_settle(tx, step, seen, by=by)
    if step is TemplateStep.APPROVE:
        for one in await stored.alike(tx, template.name, template.service):
            if one.number != template.number and one.state in {TemplateState.ACTIVE, TemplateState.SUSPENDED}:
                await _move(tx, one, TemplateStep.RETIRE, by, now)
    await _move(tx, template, step, by, now)


async def suspend(tx: AsyncSession, number: int, because: str, *, by: str, now: datetime) -> None:
    """A change made from it failed: nobody may use it until a change manager has looked."""
    template = await records.get(tx, Template, number)
    if template is None or template.state != TemplateState.ACTIVE:
        return
    await _move(tx, template, TemplateStep.SUSPEND, by, now)
    desk = await in_force(tx)
    managers = await directory.members(tx, GroupKey.CHANGE_MANAGERS)
    told = notices.suspended(str(template.ref), because, desk.policy.channel(ChannelKey.CHANGES), managers)
    await outbox.put_all(tx, told, now)


async def suggest(tx: AsyncSession, change: Change, *, now: datetime) -> None:
    """After the policy's number of clean changes of a kind, whoever asked for the last is offered a standard one."""
    desk = await in_force(tx)
    if change.type != ChangeType.NORMAL or change.result != Result.SUCCESS or change.caused:
        return
    times = await changes.clean_ones(tx, change.service, change.title)
    known = [one for one in await stored.alike(tx, change.title, change.service) if one.state != TemplateState.RETIRED]
    if times < desk.policy.changes.suggest_after or known:
        return
    subject = str(ref_of(change))
    await journal.record(tx, Fact(FactKind.TEMPLATE_SUGGESTED, subject, SYSTEM, now, desk.version, {"times": times}))
    await outbox.put_all(tx, notices.suggested(subject, change.requester, times), now)


async def _move(tx: AsyncSession, template: Template, step: TemplateStep, by: str, now: datetime) -> None:
    async def asked(now: Template) -> Way:
        return check(f"{now.ref} {now.name}", step, TemplateState(now.state))

    await steps.step(tx, template, asked, settled_by=by, settled_at=now)
    await record(tx, template, FLOW.facts[step], Deed(by, now), {"version": template.version})


def _from(template: Template, given: Use, why: str, number: int, version: int, by: str, now: datetime) -> Change:
    return Change(
        number=number,
        state=ChangeState.DRAFT,
        title=template.name,
        type=ChangeType.STANDARD,
        service=template.service,
        why=why,
        plan=template.plan,
        test_plan=template.test_plan,
        backout=template.backout,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        requester=by,
        requested_at=now,
        implementer=given.implementer or by,
        risk=Risk.LOW,
        template=template.number,
        template_version=template.version,
        policy_version=version,
    )


async def _shown_to(tx: AsyncSession, ref: Ref, _by: str) -> Template:
    return await find(tx, Template, ref)


KIND = Kind(Template, _shown_to, "a standard change", asked_by=lambda template: (template.proposed_by,))
