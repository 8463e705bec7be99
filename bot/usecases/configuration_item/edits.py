"""What people do to one item; each function is one transaction's work. What it was and is goes on record."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item import values
from bot.rules.configuration_item.campaign import Outcome
from bot.rules.configuration_item.candidates import needs_of
from bot.rules.configuration_item.diagram import private_items
from bot.rules.configuration_item.flow import STATE_OF, CiAct, CiState, CiStep
from bot.rules.configuration_item.items import Group, Item, Schema, schema_of
from bot.rules.configuration_item.merging import changes, merged
from bot.rules.configuration_item.policy import FIELDS, PEOPLE, PRIVATE, SERVICE
from bot.rules.configuration_item.refusals import (
    HiddenMembers,
    NoSuchAttribute,
    NoSuchItem,
    NoSuchRelation,
    NoSuchType,
)
from bot.rules.configuration_item.values import BadValue
from bot.rules.policy_format.hints import listed
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused
from bot.rules.record.text import one_line, shorten
from bot.usecases import people
from bot.usecases.action import actions
from bot.usecases.action.actions import TITLE_MOST, Promise
from bot.usecases.configuration_item import access, campaigns, control, impacts, writing
from bot.usecases.configuration_item.writing import Deeds, Written
from bot.usecases.policy import InForce, in_force
from bot.usecases.records.people import GROUP_GONE
from bot.usecases.records.record import required
from storage import records
from storage.configuration_item import items, search
from storage.configuration_item.visibility import Viewer
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import ConfigurationItem

MENDED_WITHIN = timedelta(days=14)
"""When the action about a difference is due."""


async def may_add(tx: AsyncSession, by: str) -> None:
    """Raises NotAllowed."""
    await access.require_manager(tx, by, "add a configuration item")


async def add(
    tx: AsyncSession, type_: str, name: str, key: str, group: str | None, *, by: str, now: datetime
) -> ConfigurationItem:
    """A new item, live. `key` is what tells it from others, where its name does not. Raises FormRefused, NoSuchType.

    And NotAllowed: items are made by who manages the configuration, or by an import.
    """
    await may_add(tx, by)
    desk = await in_force(tx)
    schema = schema_of(desk.policy)
    if type_ not in schema.types or (type_ == SERVICE and not schema.makes_services):
        raise NoSuchType(name=type_[:40], known=listed(one for one in schema.types if one != SERVICE))
    said = {"name": _value("title", name, values.NAME_MOST), "state": str(CiState.LIVE)}
    if not said["name"]:
        raise FormRefused({"title": "Say what it is called."})
    parts = [one for one in schema.types[type_].key if one != "name"]
    if len(parts) > 1:
        raise FormRefused({"kind": f"What tells a {type_} from others is {listed(parts)}: import it from a file."})
    if parts:
        said[parts[0]] = _value("ci_value", key, values.VALUE_MOST)
        if not said[parts[0]]:
            raise FormRefused({"ci_value": f"The {parts[0]} tells a {type_} from others. Fill it in."})
    said |= {"owner": group} if group else {}
    (number,) = await writing.take(tx, 1)
    item = Item(number, type_, said, dict.fromkeys(said, PEOPLE))
    await _unlike(tx, item, schema, "ci_value" if parts else "title", by)
    written = Written(item, changes(Item(number, type_, {}), item, str))
    await writing.add(tx, [written], schema, Deeds(by, now, desk.version, {}))
    return await access.shown_to(tx, Ref(Noun.CI, number), by)


async def set_value(tx: AsyncSession, ref: Ref, name: str, value: str, *, by: str, now: datetime) -> ConfigurationItem:
    """Name, environment or an attribute. Nothing empties it. Raises FormRefused, NoSuchAttribute, and as `move`."""
    row, item, schema, desk = await _held(tx, ref, CiAct.EDIT, by)
    kind = schema.types.get(item.type)
    known = [one for one in (kind.fields if kind else FIELDS) if one not in ("state", "owner")]
    if name not in known:
        raise NoSuchAttribute(name=name[:40], type=item.type, known=listed(known))
    if kind and name in kind.attributes:
        if kind.attributes[name].secret:
            raise FormRefused({"ci_value": f"{name} is secret: it is never stored."})
        try:
            said = values.read(value, kind.attributes[name], None, None)
        except BadValue as fault:
            raise FormRefused({"ci_value": f"That {fault}." if str(fault)[:1] != "“" else f"{fault}."}) from None
    else:
        said = _value("ci_value", value, values.NAME_MOST)
        said = _mark(said) if name == PRIVATE else said
    if not said and (name == "name" or name in schema.key_parts(item.type)):
        raise FormRefused({"ci_value": f"The {name} cannot be empty."})
    after = Item(item.number, item.type, *_with(item, {name: said}), item.groups)
    if name in schema.key_parts(item.type):
        await _unlike(tx, after, schema, "ci_value", by)
    return await _write(tx, row, item, after, schema, desk, by, now)


async def own(tx: AsyncSession, ref: Ref, group: str, *, by: str, now: datetime) -> ConfigurationItem:
    """Give it to a group. Raises FormRefused, and as `move`."""
    row, item, schema, desk = await _held(tx, ref, CiAct.OWN, by)
    if group not in desk.policy.groups:
        raise FormRefused({"group": GROUP_GONE})
    after = Item(item.number, item.type, *_with(item, {"owner": group}), item.groups)
    return await _write(tx, row, item, after, schema, desk, by, now)


async def move(tx: AsyncSession, ref: Ref, step: CiStep, *, by: str, now: datetime) -> ConfigurationItem:
    """Raises NotYourItem, OfThePolicy, AlreadyDone, NotAStep, NoSuchRecord."""
    row, item, schema, desk = await _held(tx, ref, step, by)
    after = Item(item.number, item.type, *_with(item, {"state": str(STATE_OF[step])}), item.groups)
    return await _write(tx, row, item, after, schema, desk, by, now)


async def relate(
    tx: AsyncSession, ref: Ref, relation: str, others: str, needs: str, *, by: str, now: datetime
) -> ConfigurationItem:
    """All that it stands in this relation to, with ; between them; nothing: to none. Raises FormRefused, as `move`."""
    row, item, schema, desk = await _held(tx, ref, CiAct.RELATE, by)
    if relation not in schema.relations:
        raise NoSuchRelation(name=relation[:40], known=listed(schema.relations))
    await _nothing_hidden(tx, item, relation, by)
    members = await _members(tx, item, relation, others, schema, await access.viewer_of(tx, by))
    try:
        groups = [Group(relation, tuple(members), needs_of(needs, len(members))).canonical] if members else []
    except BadValue as fault:
        raise FormRefused({"ci_needs": f"That {fault}."}) from None
    after = merged(item, {}, groups, [relation], PEOPLE, schema)
    return await _write(tx, row, item, after, schema, desk, by, now)


async def verify(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ConfigurationItem:
    """It is as recorded: somebody has looked. Raises as `move`."""
    row, item, schema, desk = await _held(tx, ref, CiAct.VERIFY, by)
    kind = schema.types.get(item.type)
    days = kind.verify_every if kind else None
    due = (await people.today(tx, by, now) + timedelta(days=days)).isoformat() if days else None
    await records.touch(tx, ConfigurationItem, row.number, verified_at=now, verified_by=by, verify_on=due)
    data = {"due_on": due} if due else {}
    await journal.record(tx, Fact(FactKind.CI_VERIFIED, str(ref), by, now, desk.version, data))
    await campaigns.answered(tx, ref.number, Outcome.AS_RECORDED, by, now)
    await outbox.redraw(tx, str(ref), now)
    await tx.refresh(row)
    return row


async def differs(tx: AsyncSession, ref: Ref, what: str, *, by: str, now: datetime) -> ConfigurationItem:
    """It is not as recorded: an action says what, for its owner. Raises FormRefused, and as `move`."""
    what = required("comment", "What differs", what)
    return await _unlike_recorded(tx, ref, Outcome.DIFFERS, "differs from its record", what, by, now)


async def gone(tx: AsyncSession, ref: Ref, what: str, *, by: str, now: datetime) -> ConfigurationItem:
    """It is not there: an action has its owner find or retire it. Raises FormRefused, and as `move`."""
    what = required("comment", "Where you looked", what)
    return await _unlike_recorded(tx, ref, Outcome.GONE, "is not there; find it or retire it", what, by, now)


async def _unlike_recorded(
    tx: AsyncSession, ref: Ref, outcome: Outcome, says: str, what: str, by: str, now: datetime
) -> ConfigurationItem:
    row, item, _, desk = await _held(tx, ref, CiAct.VERIFY, by)
    kind = FactKind.CI_DIFFERS if outcome is Outcome.DIFFERS else FactKind.CI_GONE
    await journal.record(tx, Fact(kind, str(ref), by, now, desk.version, {}, {"comment": what}))
    due = await people.today(tx, by, now) + MENDED_WITHIN
    said = Promise(shorten(f"{item.name} {says}: {one_line(what)}", TITLE_MOST), due, group=row.owner_group)
    await actions.add(tx, said, ref, by=by, now=now)
    await items.due_now(tx, row.number, now.date())
    await campaigns.answered(tx, ref.number, outcome, by, now)
    await outbox.redraw(tx, str(ref), now)
    return row


def step(which: CiStep) -> Callable[..., Awaitable[ConfigurationItem]]:
    """The use case of one step of the flow."""

    async def taken(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ConfigurationItem:
        return await move(tx, ref, which, by=by, now=now)

    return taken


async def _held(
    tx: AsyncSession, ref: Ref, what: CiAct | CiStep, by: str
) -> tuple[ConfigurationItem, Item, Schema, InForce]:
    """Locks the item, so that what is read is what is changed."""
    await records.hold(tx, ConfigurationItem, ref.number)
    row = await access.shown_to(tx, ref, by)
    await access.require(tx, row, what, by)
    desk = await in_force(tx)
    return row, (await items.load(tx, [ref.number]))[ref.number], schema_of(desk.policy), desk


def _with(item: Item, said: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Values and origins afterwards: a person's word is taken, whoever said it before."""
    changed = {name: value for name, value in said.items() if item.values.get(name, "") != value}
    new = {name: value for name, value in {**item.values, **changed}.items() if value}
    origins = {**item.origins, **dict.fromkeys(changed, PEOPLE)}
    return new, {name: origin for name, origin in origins.items() if name in new or name not in item.values}


async def _write(
    tx: AsyncSession, row: ConfigurationItem, before: Item, after: Item, schema: Schema, desk: InForce, by: str,
    now: datetime,
) -> ConfigurationItem:  # fmt: skip
    differs = changes(before, after, writing.numbered)
    if not differs:
        return row
    change = await control.approved_change(tx, row)
    data = {"change": str(change)} if change else {}
    deeds = Deeds(by, now, desk.version, data)
    await writing.change(tx, [Written(after, differs)], schema, deeds)
    if before.type in schema.types and schema.types[before.type].control and change is None:
        told = {"fields": listed(differs)}
        await journal.record(tx, Fact(FactKind.CI_UNAUTHORISED, str(row.ref), by, now, desk.version, told))
        await items.due_now(tx, row.number, now.date())
    await tx.refresh(row)
    return row


async def _nothing_hidden(tx: AsyncSession, item: Item, relation: str, by: str) -> None:
    """All of a relation is said anew, so who does not see all of it cannot. Raises HiddenMembers."""
    viewer = await access.viewer_of(tx, by)
    old = {one for group in item.groups if group.relation == relation for one in group.members if isinstance(one, int)}
    if hidden := [one for one in (await search.numbered(tx, old)).values() if not viewer.see(one)]:
        raise HiddenMembers(ref=Ref(Noun.CI, item.number), what=private_items(len(hidden)))


async def _members(
    tx: AsyncSession, item: Item, relation: str, others: str, schema: Schema, viewer: Viewer
) -> Sequence[int]:
    found: list[int] = []
    for text in filter(None, (one.strip() for one in others.replace("\n", ";").split(";"))):
        try:
            other = await impacts.meant(tx, text, viewer)
        except NoSuchItem as refused:
            raise FormRefused({"ci_target": refused.sentence}) from None
        if other.number == item.number:
            raise FormRefused({"ci_target": f"“{text}” is the item itself."})
        if not schema.relations[relation].allows(item.type, other.type):
            raise FormRefused({"ci_target": f"“{text}” is a {other.type}, to which this relation never leads."})
        if other.number not in found:
            found.append(other.number)
    return found


async def _unlike(tx: AsyncSession, item: Item, schema: Schema, field: str, by: str) -> None:
    """Raises FormRefused where another item has its key."""
    key = schema.key(item)
    found = [one for one in await search.keyed(tx, item.type, key) if one.number != item.number]
    if key and found:
        other = found[0].ref if (await access.viewer_of(tx, by)).see(found[0]) else "Another item"
        raise FormRefused({field: f"{other} has that already: it would be the same item."})


def _mark(said: str) -> str:
    try:
        return values.mark(said)
    except BadValue as fault:
        raise FormRefused({"ci_value": f"{fault}."}) from None


def _value(field: str, text: str, most: int) -> str:
    try:
        return values.words(text, most, lines=False)
    except BadValue as fault:
        raise FormRefused({field: f"That {fault}."}) from None
