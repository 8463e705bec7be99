"""Standard changes: proposed from what went well, approved, used, suspended by a failure, retired."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_debt, people
from bot.desk.change_access import find, ref_of, says, take
from bot.desk.change_reminders import follow
from bot.desk.collisions import Plan, keep_clear
from bot.desk.policy import in_force
from bot.rules import change_notices, words
from bot.rules.change_flow import ChangeState, ChangeStep, ChangeType, Result, Risk, window_faults
from bot.rules.change_refusals import AlreadyATemplate, NotATemplate, OwnTemplate, TemplateGone
from bot.rules.change_templates import TemplateState, TemplateStep, check
from bot.rules.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.policy import ChannelKey, GroupKey
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.refusals import FormRefused, NoSuchRecord, Stale
from storage import changes, journal, numbers, outbox
from storage import people as directory
from storage import templates as stored
from storage.tables import Change, Template

_FACT = {
    TemplateStep.APPROVE: FactKind.TEMPLATE_APPROVED,
    TemplateStep.RETIRE: FactKind.TEMPLATE_RETIRED,
    TemplateStep.SUSPEND: FactKind.TEMPLATE_SUSPENDED,
}


@dataclass(frozen=True)
class Use:
    """What is asked of who makes a change from a template."""

    why: str
    starts_at: datetime
    ends_at: datetime
    implementer: str


async def find_template(tx: AsyncSession, ref: Ref) -> Template:
    """Raises NoSuchRecord."""
    template = await stored.get(tx, ref.number)
    if template is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return template


def std(template: Template) -> Ref:
    return Ref(Noun.STANDARD, template.number)


async def usable(tx: AsyncSession, seen: Seen, by: str, now: datetime) -> Template:
    """The version that was seen, if it is in use still. Raises TemplateGone, Debt."""
    await people.member(tx, by)
    template = await find_template(tx, seen.ref)
    if template.state != TemplateState.ACTIVE or template.version != seen.revision:
        raise TemplateGone(name=f"{seen.ref} {template.name}")
    await change_debt.require_none(tx, template.service, now)
    return template


async def use(tx: AsyncSession, seen: Seen, given: Use, *, by: str, now: datetime) -> Change:
    """A standard change, scheduled at once in the template's words. Raises TemplateGone, Frozen, Debt, FormRefused."""
    template, desk = await usable(tx, seen, by, now), await in_force(tx)
    why = words.clean(given.why)
    faults = words.faults({"why": ("The reason", why, words.WORDS_MOST)})
    faults |= window_faults(given.starts_at, given.ends_at, now)
    if template.service not in desk.policy.services:
        raise TemplateGone(name=f"{seen.ref} {template.name}")
    if faults:
        raise FormRefused(faults)
    await keep_clear(tx, plan_of(template, given.starts_at, given.ends_at))
    change = _from(template, given, why, await numbers.next_number(tx, Noun.CHANGE), desk.version, by, now)
    await changes.add(tx, change)
    # Held until this commits: a template that is retired at this instant is retired before or after, not between.
    if not await stored.step(tx, template.number, frm=[TemplateState.ACTIVE], version=seen.revision):
        raise TemplateGone(name=f"{seen.ref} {template.name}")
    await take(tx, ChangeStep.SUBMIT, change)
    change = await find(tx, ref_of(change))
    await take(tx, ChangeStep.PREAPPROVED, change)
    await changes.keep_revision(tx, change.number, 1, says(change), by, now)
    subject = str(ref_of(change))
    data: dict[str, Datum] = {"template": str(std(template)), "version": template.version, "service": template.service}
    data |= {"starts_at": given.starts_at.isoformat(), "ends_at": given.ends_at.isoformat()}
    await journal.record(tx, Fact(FactKind.CHANGE_SCHEDULED, subject, by, now, desk.version, data, {"why": why}))
    await outbox.put_all(tx, change_notices.announced(subject, desk.policy.channel(ChannelKey.CHANGES), by), now)
    await follow(tx, ref_of(change), now)
    return await find(tx, ref_of(change))


def plan_of(template: Template, starts_at: datetime, ends_at: datetime) -> Plan:
    """What a change made from it means to do when."""
    return Plan(ChangeType.STANDARD, (template.service,), starts_at, ends_at)


async def propose(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Template:
    """A standard change like one that went well; of one that exists, its next version. Raises NotATemplate."""
    await people.member(tx, by)
    change, desk = await find(tx, ref), await in_force(tx)
    good = change.state == ChangeState.CLOSED and change.type == ChangeType.NORMAL and change.result == Result.SUCCESS
    if not good or change.caused:
        raise NotATemplate(ref=ref)
    alike = await stored.alike(tx, change.title, change.service)
    for one in alike:
        if one.state == TemplateState.PROPOSED or one.proposed_from == change.number:
            raise AlreadyATemplate(name=f"{std(one)} {one.name}", state=one.state)
    template = Template(
        number=await numbers.next_number(tx, Noun.STANDARD),
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
    await stored.add(tx, template)
    data: dict[str, Datum] = {"from": str(ref), "version": template.version}
    await journal.record(tx, Fact(FactKind.TEMPLATE_PROPOSED, str(std(template)), by, now, desk.version, data))
    channel = desk.policy.channel(ChannelKey.CHANGES)
    await outbox.put_all(tx, change_notices.proposed(str(std(template)), channel), now)
    return template


async def settle(tx: AsyncSession, step: TemplateStep, seen: Seen, *, by: str, now: datetime) -> None:
    """Approved or retired by a change manager, who did not propose it.

    Raises NotAllowed, OwnTemplate, AlreadySettled, Stale.
    """
    template, desk = await find_template(tx, seen.ref), await in_force(tx)
    act = f"have {seen.ref} {step}"
    await people.require(tx, desk, by, GroupKey.CHANGE_MANAGERS, act)
    if step is TemplateStep.APPROVE and template.proposed_by == by:
        raise OwnTemplate(ref=seen.ref)
    if step is TemplateStep.APPROVE:
        for one in await stored.alike(tx, template.name, template.service):
            if one.number != template.number and one.state in {TemplateState.ACTIVE, TemplateState.SUSPENDED}:
                await _move(tx, one, TemplateStep.RETIRE, by, now)
    await _move(tx, template, step, by, now)


async def suspend(tx: AsyncSession, number: int, because: str, *, by: str, now: datetime) -> None:
    """A change made from it failed: nobody may use it until a change manager has looked."""
    template = await stored.get(tx, number)
    if template is None or template.state != TemplateState.ACTIVE:
        return
    await _move(tx, template, TemplateStep.SUSPEND, by, now)
    desk = await in_force(tx)
    managers = await directory.members(tx, GroupKey.CHANGE_MANAGERS)
    told = change_notices.suspended(str(std(template)), because, desk.policy.channel(ChannelKey.CHANGES), managers)
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
    await outbox.put_all(tx, change_notices.suggested(subject, change.requester, times), now)


async def _move(tx: AsyncSession, template: Template, step: TemplateStep, by: str, now: datetime) -> None:
    name = f"{std(template)} {template.name}"
    frm, to = check(name, step, TemplateState(template.state))
    if not await stored.step(tx, template.number, frm=frm, state=to, settled_by=by, settled_at=now):
        raise Stale(ref=std(template))
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(_FACT[step], str(std(template)), by, now, version, {"version": template.version}))
    await outbox.redraw(tx, str(std(template)), now)


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
