"""`deskbell iso programme | audits | findings | owner | registers`: audits and registers at the terminal."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import say, say_json, say_table
from bot.cli.transaction import run

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    Work = Callable[[AsyncSession, datetime], Awaitable[Any]]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Every = Annotated[bool, typer.Option("--all", help="Those that are over too.")]


def programme(as_json: AsJson = False) -> None:
    """Say when each clause was audited last, when it will be, and which the cycle leaves out. Reads only."""
    found = run(_programme)
    if as_json:
        say_json(found)
        return
    rows = [(o["clause"], o["title"], _day(o["last"]), _day(o["next"]), "yes" if o["covered"] else "no") for o in found]
    say_table(("clause", "title", "audited last", "planned", "covered"), rows)
    left = [one["clause"] for one in found if not one["covered"]]
    say(f"The cycle leaves out {', '.join(left)}." if left else "The cycle has every clause.")


def audits(every: Every = False, as_json: AsJson = False) -> None:
    """Name the internal audits. Reads only."""
    found = run(lambda tx, now: _audits(tx, now, every=every))
    if as_json:
        say_json(found)
        return
    rows = [(o["ref"], o["title"], o["state"], o["planned_on"], o["auditor"], " ".join(o["clauses"])) for o in found]
    say_table(("audit", "title", "state", "planned", "auditor", "clauses"), rows)


def findings(every: Every = False, as_json: AsJson = False) -> None:
    """Name the findings that are owed. Reads only."""
    found = run(lambda tx, now: _findings(tx, now, every=every))
    if as_json:
        say_json(found)
        return
    rows = [(o["ref"], o["kind"], o["clause"], o["state"], o["due_on"], o["owner"] or o["group"], o["title"])
            for o in found]  # fmt: skip
    say_table(("finding", "kind", "clause", "state", "due", "owner", "what"), rows)


def owner(
    clause: Annotated[str, typer.Argument(help="A clause like 8.6.3, or 8.6 for all below it.")],
    person: Annotated[str, typer.Argument(help="A Slack id.")],
) -> None:
    """Say who answers for a clause. They are asked first, and never audit it."""
    from bot.rules.record.facts import OPERATOR
    from bot.usecases.iso import owners

    found = run(lambda tx, now: owners.give(tx, clause, person, by=OPERATOR, now=now), writes=True)
    say(f"{person} answers for {', '.join(one.number for one in found)}.")


async def _programme(tx: "AsyncSession", now: datetime) -> list[dict[str, Any]]:
    from bot.rules.audit.flow import LIVE, AuditState
    from bot.rules.audit.policy import Audits
    from bot.rules.audit.programme import Planned
    from bot.rules.audit.programme import programme as covered
    from bot.rules.iso.clauses import CLAUSES
    from bot.usecases.policy import in_force
    from storage import policy_versions
    from storage.audit import audits as stored

    version = await policy_versions.in_force(tx)
    cycle = (await in_force(tx)).policy.audits.cycle if version else Audits().cycle
    known = [
        Planned(str(one.ref), tuple(one.clauses.split()),
                one.reported_at.date() if one.reported_at else date.fromisoformat(one.planned_on),
                one.state == AuditState.REPORTED)
        for one in await stored.every(tx) if one.state in (*LIVE, AuditState.REPORTED)
    ]  # fmt: skip
    owners = await stored.clause_owners(tx)
    return [
        {"clause": number, "title": CLAUSES[number].title, "owner": owners.get(number),
         "last": _as_dict(one.last), "next": _as_dict(one.next), "due": one.due.isoformat() if one.due else None,
         "covered": one.covered(now.date(), cycle)}
        for number, one in covered(known, cycle).items()
    ]  # fmt: skip


def _as_dict(one: Any) -> dict[str, str] | None:
    return None if one is None else {"ref": one.ref, "day": one.day.isoformat()}


def _day(one: dict[str, str] | None) -> str:
    return f"{one['day']} ({one['ref']})" if one else "never"


async def _audits(tx: "AsyncSession", _now: datetime, *, every: bool) -> list[dict[str, Any]]:
    from bot.rules.audit.flow import LIVE
    from bot.rules.iso.wording import zulu
    from bot.usecases.audit import audits
    from storage.audit import audits as stored

    told = []
    for one in await stored.every(tx):
        if every or one.state in LIVE:
            checks = (await stored.checks(tx, one.number)).values()
            looked_at = (await audits.verdicts(tx, one.ref)).values()
            told.append({
                "ref": str(one.ref), "title": one.title, "state": one.state, "auditor": one.auditor,
                "planned_on": one.planned_on, "clauses": one.clauses.split(),
                "reported_at": zulu(one.reported_at) if one.reported_at else None,
                "checks": [{"clause": c.clause, "verdict": c.verdict, "evidence": c.evidence.split()} for c in checks],
                "findings": [str(each.ref) for each in await stored.of_audit(tx, str(one.ref))],
                "samples": [{"population": s.population, "period": s.period, "seed": s.seed, "drawn": s.refs.split()}
                            for s in await stored.samples(tx, one.number)],
                "verdicts": [{"record": v.ref, "verdict": v.said, "words": v.words} for v in looked_at],
            })  # fmt: skip
    return told


async def _findings(tx: "AsyncSession", now: datetime, *, every: bool) -> list[dict[str, Any]]:
    from bot.rules.audit.list_filter import findings as read
    from storage.action import actions
    from storage.audit import audits as stored
    from storage.tables import AuditFinding

    wanted = read("all" if every else "")
    found = await stored.page(tx, AuditFinding, wanted, "", now.date().isoformat(), 10_000)
    return [
        {"ref": str(one.ref), "title": one.title, "kind": one.kind, "state": one.state, "audit": one.audit,
         "clause": one.clause, "owner": one.owner, "group": one.owner_group, "due_on": one.due_on, "cause": one.cause,
         "effect": one.effect, "evidence": one.evidence.split(), "closed_by": one.closed_by,
         "actions": [str(each.ref) for each in await actions.of_parent(tx, str(one.ref))]}
        for one in found
    ]  # fmt: skip


def registers(
    register: Annotated[str | None, typer.Argument(help="One of them, like risk; which there are if left out.")] = None,
    every: Every = False,
    as_json: AsJson = False,
) -> None:
    """Name the registers of the policy, or the entries of one, the highest score first. Reads only."""
    found = run(lambda tx, now: _entries(tx, now, register, every=every) if register else _registers(tx))
    if as_json:
        say_json(found)
        return
    if register:
        rows = [(o["ref"], o["title"], o["stage"], "" if o["score"] is None else f"{o['score']:g}", o["review_on"],
                 o["owner"] or o["group"]) for o in found]  # fmt: skip
        say_table(("entry", "title", "stage", "score", "review by", "owner"), rows)
        return
    known = [(o["register"], o["title"], o["prefix"] or "", ", ".join(o["clauses"]), str(o["open"])) for o in found]
    say_table(("register", "title", "prefix", "clauses", "open"), known)


async def _registers(tx: "AsyncSession") -> list[dict[str, Any]]:
    from bot.usecases.policy import in_force
    from storage.register import entries

    counts = await entries.by_register(tx)
    return [
        {"register": key, "title": one.title, "prefix": one.prefix, "clauses": list(one.clauses),
         "stages": list(one.stages), "open": counts.get(key, 0)}
        for key, one in (await in_force(tx)).policy.registers.items()
    ]  # fmt: skip


async def _entries(tx: "AsyncSession", now: datetime, typed: str, *, every: bool) -> list[dict[str, Any]]:
    from bot.rules.register.list_filter import read
    from bot.usecases.register import access
    from bot.usecases.register.entries import answered
    from storage.register import entries

    register = await access.register_named(tx, typed)
    wanted = read(f"{register.key} all" if every else register.key, [register.key])
    found = await entries.page(tx, wanted, "", now.date().isoformat(), 10_000)
    return [
        {"ref": str(one.ref), "register": one.register_key, "title": one.title, "state": one.state, "stage": one.stage,
         "score": one.score, "owner": one.owner, "group": one.owner_group, "review_on": one.review_on,
         "accepted_by": one.accepted_by, "accepted_until": one.accepted_until or None, "answers": answered(one)}
        for one in found
    ]  # fmt: skip
