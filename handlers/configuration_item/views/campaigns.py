"""Verification campaigns as people see them: what they are asked, how a campaign stands, how fresh the record is."""

from collections.abc import Mapping, Sequence

from bot.rules.configuration_item.campaign import Outcome
from bot.rules.configuration_item.diagram import private_items
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import per_cent
from bot.rules.record.waiting import Waits
from bot.usecases.configuration_item.campaigns import NAME_MOST, Asking, Standing
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.configuration_item.actions import ACTIONS
from handlers.configuration_item.views.card import type_of, type_title
from handlers.ids import Action, Field, Form
from handlers.records import actions
from handlers.records.ended import ended
from storage.configuration_item.campaigns import Freshness
from storage.tables import CiCampaign, ConfigurationItem

LISTED_MOST, SCOPE_MOST, SHARE_MOST = 30, 200, 20
TITLES = {Outcome.AS_RECORDED: "As recorded", Outcome.DIFFERS: "Differs", Outcome.GONE: "Gone"}


def form(typed: str = "") -> View:
    one = kit.option("One item at a time", "one")
    blocks = [
        kit.ask(Field.TITLE, "Name", kit.text_input(typed, most=NAME_MOST), hint="A sample is drawn by it"),
        kit.ask(Field.WORDS, "Items", kit.text_input(most=SCOPE_MOST), optional=True,
                hint="As `/ci list` has them: server unverified, or “rack 4”. Empty: all that is not retired"),
        kit.ask(Field.OTHER, "How many", kit.text_input("all", most=SHARE_MOST), hint="all, 10 %, or a number like 25"),
        kit.ask(Field.DUE_ON, "Until", {"type": "datepicker"}),
        kit.ask(Field.FORMAT, "Owners are asked", kit.select([kit.option("As a list", "list"), one], "list")),
    ]  # fmt: skip
    return kit.form(Form.CI_CAMPAIGN, "Verify items", "Ask owners", blocks)


def asked(one: Asking, policy: Policy) -> Message:
    """To an owner: the next items, with what they may say of each. Once nothing is left it says so."""
    campaign = one.standing.campaign
    head = f":mag: *{kit.esc(campaign.name)}*: is it as recorded?"
    blocks = [kit.section(f"{head} {_left(one.left)} until {kit.day(campaign.due_on)}.")]
    for item in one.items:
        blocks += _item(item, policy)
    message = Message(f"Are items as recorded? {kit.esc(campaign.name)}", blocks)
    if campaign.closed_at is not None:
        return ended(Message(message.text, blocks[:1]), "The campaign is over. Thank you.")
    if not one.items:
        return ended(Message(message.text, blocks[:1]), "Nothing of yours is left. Thank you.")
    more = one.left - len(one.items)
    return message if more <= 0 else Message(message.text, [*blocks, kit.context(f"{more} more come after these.")])


def waits(one: Waits, policy: Policy) -> Block:
    """In “Waiting for you”: the next item of a campaign. What differs is said with its message or the item's menu."""
    item: ConfigurationItem = one.record
    asking: Asking = one.more
    campaign = asking.standing.campaign
    asks = f"{kit.esc(campaign.name)}: is it as recorded? {_left(asking.left)} until {kit.day(campaign.due_on)}."
    text = f":mag: *{item.ref}* {kit.esc(item.name)}\n{' · '.join(_recorded(item, policy))}\n{asks}"
    return kit.section(text) | {"accessory": actions.button(ACTIONS["verify"], RecordVersion.of(item))}


def _left(count: int) -> str:
    return f"{count} {'item waits' if count == 1 else 'items wait'} for your answer"


def _recorded(item: ConfigurationItem, policy: Policy) -> list[str]:
    said = [
        type_of(item, policy),
        item.state,
        *([f"key {kit.esc(item.key)}"] if item.key and item.key != item.name else []),
    ]
    return said + ([kit.esc(item.environment)] if item.environment else [])


def _item(item: ConfigurationItem, policy: Policy) -> list[Block]:
    said = _recorded(item, policy)
    seen = RecordVersion.of(item)
    buttons = [actions.button(ACTIONS[verb], seen) for verb in ("verify", "differs", "gone")]
    return [
        kit.section(f"*{item.ref}* {kit.esc(item.name)}\n{' · '.join(said)}"),
        kit.actions(*buttons, actions.more_button(seen)),
    ]


def started(campaign: CiCampaign, count: int) -> Message:
    of = f" of {campaign.population}" if count != campaign.population else ""
    text = f":white_check_mark: *{kit.esc(campaign.name)}*: the owners of {count}{of} items are asked."
    return Message(text, [kit.section(text), kit.context("`/ci campaigns` shows how it stands.")])


def over(one: Standing) -> Message:
    """To who began it."""
    text = f":checkered_flag: *{kit.esc(one.campaign.name)}* is over: {_counts(one)}."
    return Message(text, [kit.section(text), kit.actions(_open(one.campaign))])


def listing(found: Sequence[Standing], fresh: Sequence[Freshness], policy: Policy) -> Message:
    blocks = [kit.header("Verification campaigns")]
    blocks += [_row(one) for one in found] or [kit.section("There was none yet. `/ci campaign name` begins one.")]
    blocks += [kit.header("How fresh the record is"), *_fresh(fresh, policy)]
    return Message("Verification", blocks)


def whole(one: Standing, items: Mapping[Outcome | None, Sequence[ConfigurationItem]]) -> View:
    """All that it came to; who manages the configuration may close it."""
    campaign = one.campaign
    share = f"{one.asked} of {campaign.population} items, drawn by “{kit.esc(campaign.seed)}”"
    scope = f" of `{kit.esc(campaign.scope)}`" if campaign.scope else ""
    blocks = [
        kit.section(f"*{kit.esc(campaign.name)}*\n{_counts(one)}"),
        kit.context(f"{share}{scope} · until {kit.day(campaign.due_on)} · by {kit.mention(campaign.started_by)}"),
    ]
    for outcome, title in {Outcome.DIFFERS: "Differs", Outcome.GONE: "Gone", None: "Not answered"}.items():
        found, count = items.get(outcome, ()), one.counts.get(outcome, 0)
        if count:
            lines = [f"• {each.ref} {kit.esc(each.name)}" for each in found[:LISTED_MOST]]
            # Who sees fewer than there are, and not because of the room, may not see the others.
            hidden = count - len(found) if len(found) <= LISTED_MOST else 0
            lines += ["• …"] if len(found) > LISTED_MOST else []
            lines += [f"• {private_items(hidden)}"] if hidden else []
            blocks.append(kit.section("\n".join([f"*{title}*", *lines])))
    if campaign.closed_at is None:
        blocks.append(kit.actions(kit.button(Action.CI_CAMPAIGN_CLOSE, "Close it", campaign.number)))
    return kit.list_view("Campaign", blocks)


def closed(campaign: CiCampaign) -> Message:
    text = f":checkered_flag: The campaign *{kit.esc(campaign.name)}* is closed."
    return Message(text, [kit.section(text)])


def _row(one: Standing) -> Block:
    campaign = one.campaign
    state = "over" if campaign.closed_at else f"until {kit.day(campaign.due_on)}"
    text = f"*{kit.esc(campaign.name)}* · {state}\n{_counts(one)}"
    return kit.section(text) | {"accessory": _open(campaign)}


def _open(campaign: CiCampaign) -> Block:
    return kit.button(Action.CI_CAMPAIGN_OPEN, "Open", campaign.number)


def _counts(one: Standing) -> str:
    """“12 of 20 answered: 9 as recorded, 2 differ, 1 gone”."""
    differ = "differs" if one.counts.get(Outcome.DIFFERS) == 1 else "differ"
    words = {Outcome.AS_RECORDED: "as recorded", Outcome.DIFFERS: differ, Outcome.GONE: "gone"}
    told = [f"{one.counts[key]} {word}" for key, word in words.items() if one.counts.get(key)]
    return f"{one.answered} of {one.asked} answered{': ' if told else ''}{', '.join(told)}"


def _fresh(found: Sequence[Freshness], policy: Policy) -> list[Block]:
    if not found:
        return [kit.section("Nothing is live.")]
    lines = []
    for one in found:
        due = f" · {one.due} due now" if one.due else ""
        since = f" · the oldest {kit.when(one.oldest)}" if one.oldest else ""
        share = f"{one.verified} of {one.live} live were verified ({per_cent(one.verified / one.live)})"
        lines.append(
            f"*{kit.esc(type_title(one.type, policy))}*: {share}, {one.lately} of them within 90 days{due}{since}"
        )
    return [kit.section("\n".join(lines[at : at + 15])) for at in range(0, len(lines), 15)]
