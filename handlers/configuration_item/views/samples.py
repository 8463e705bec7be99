"""Configuration items, as the gallery shows them."""

import json
from collections.abc import Mapping

from bot.rules.configuration_item.campaign import Outcome
from bot.rules.configuration_item.differences import Difference
from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.impact import Stands, impact
from bot.rules.configuration_item.items import Group
from bot.rules.configuration_item.service_state import Bearing
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.waiting import Waits
from bot.usecases.configuration_item.baselines import Baseline, Differences
from bot.usecases.configuration_item.campaigns import Asking, Standing, Why
from bot.usecases.configuration_item.catalogue import ServiceSheet
from bot.usecases.configuration_item.impacts import Answer
from bot.usecases.configuration_item.lists import Sheet
from handlers.blocks.samples import AGENT, AT, Drawn, said
from handlers.configuration_item import listeners
from handlers.configuration_item.actions import ACTIONS
from handlers.configuration_item.views import baselines as baseline_views
from handlers.configuration_item.views import campaigns as campaign_views
from handlers.configuration_item.views import card as views
from handlers.configuration_item.views import impact as impact_views
from handlers.configuration_item.views import plans as plan_views
from handlers.configuration_item.views import services as service_views
from handlers.configuration_item.views import services_now as now_views
from handlers.records.typed_values import Shown
from storage.configuration_item.campaigns import Freshness
from storage.tables import CiCampaign, CiPlan, CiPresence, ConfigurationItem


def sample(state: CiState, words: Mapping[str, str], number: int = 3, type_: str = "server") -> ConfigurationItem:
    name = words.get("title", f"gateway-{number}")[:200]
    attributes = {"serial": "S-1234", "remark": words.get("comment", "Second rack from the left")[:1000]}
    return ConfigurationItem(
        number=number, state=state, type=type_, key=f"S{number}", name=name, folded=name.casefold(),
        owner_group="service-desk", environment="production", attributes=json.dumps(attributes), origins="{}",
        added_at=AT, moved_at=AT, moved_by=AGENT, verified_at=AT, verified_by=AGENT, verify_on="2026-06-01",
    )  # fmt: skip


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: sample(state, words, number) for number, state in enumerate(CiState, 1)}
    many = {
        number: sample(CiState.LIVE, words, number, "service" if number < 4 else "server") for number in range(1, 60)
    }
    one = many[30]
    groups = [Group("runs_on", (1, 2), 1), Group("uses", ("gone", *range(3, 20)))]
    back = [("runs_on", other.name) for other in many.values()] + [("runs_on", "")]
    seen = [CiPresence(source="cmdb", item=3, there=there, seen_at=AT) for there in (True, False)]
    sheet = Sheet(one, groups, back, {number: it.name for number, it in many.items()}, seen, ["INC-1", "CHG-2"])
    stands = [Stands(number, (number - 1,)) for number in range(2, 20)]
    stands += [Stands(20 + number, (1, 59), 1) for number in range(20)] + [Stands(45, (20,)), Stands(46, (45,))]
    answer = Answer(many, impact(stands, [1]), stands, {number: it.key for number, it in many.items()}, is_cut=False)
    incidents = [(Ref(Noun.INCIDENT, number), "P1") for number in range(1, 12)]
    bearing = Bearing(
        incidents, 2, [Ref(Noun.CHANGE, 1)], [Ref(Noun.CHANGE, 2)],
        [words.get("title", "Sunday night")], [words.get("title", "End of the year")],
    )  # fmt: skip
    kept = Baseline(words.get("title", "Before the move")[:60], AT, AGENT, 59, "0f" * 32)
    pair = {"name": (words.get("title", "old"), words.get("comment", "new"))}
    differ = {f"CI-{number}": Difference(number < 20, pair if number < 40 else {"state": ("live", "retired")})
              for number in many}  # fmt: skip
    first = known[CiState.LIVE]
    shown = {verb: Shown(first, policy, AGENT, AT) for verb in ACTIONS}
    some = next(iter(policy.services))
    some_lines = dict.fromkeys(("created", "changed", "retired"), 3) | {"lines": ["12 unchanged", *words.values()] * 4}
    plan = CiPlan(
        id="c53eafeb3c73", source="cmdb", world="", made_at=AT, made_by=AGENT, summary=json.dumps(some_lines)
    )  # fmt: skip
    nothing = dict.fromkeys(("created", "changed", "retired"), 0) | {"lines": ["12 unchanged"]}
    return {
        "ci plan": said(plan_views.plan(plan, "1.0")),
        "ci plan, applied": said(
            plan_views.plan(plan.model_copy(update={"applied_at": AT, "applied_by": AGENT}), None)
        ),
        "ci plan, nothing": said(plan_views.plan(plan.model_copy(update={"summary": json.dumps(nothing)}), None)),
        "ci plan, gone": said(plan_views.gone(None)),
        "ci plan, done": said(plan_views.applied(plan)),
        **{f"ci, {state}": said(views.card(Sheet(item, [], [], {}, [], []), policy)) for state, item in known.items()},
        "ci, related": said(views.card(sheet, policy)),
        "ci list": said(views.listing(list(known.values()), 12, "", policy)),
        "ci list, empty": said(views.listing([], 0, "server", policy)),
        "ci list, nothing": said(views.listing([], 0, "", policy)),
        "ci impact, drawing": said(impact_views.drawing(one)),
        "ci impact, picture": said(impact_views.picture(one, "F123", "Down: db1")),
        "ci impact": said(impact_views.message(answer, [one], policy)),
        "ci baseline": said(baseline_views.kept(kept)),
        "ci baselines": said(baseline_views.listing([kept] * 3)),
        "ci baselines, none": said(baseline_views.listing([])),
        "ci diff": said(
            baseline_views.differences(Differences(kept, differ, {str(it.ref): it for it in many.values()}))
        ),
        "ci diff, none": said(baseline_views.differences(Differences(kept, {}, {}))),
        **_campaigns(list(known.values()), words, policy),
        "ci form, new": listeners.form(Shown(words.get("title", "")[:200], policy, AGENT, AT)),
        "service list": said(service_views.listing(dict.fromkeys(policy.services, bearing), policy, may_post=True)),
        **_services_now(bearing, policy),
        "service": said(service_views.card(ServiceSheet(some, bearing, sheet), policy)),
        "service, nothing": said(service_views.card(ServiceSheet(some, Bearing(), None), policy)),
        **listeners.KIND.previews(shown, first),
    }


def _services_now(bearing: Bearing, policy: Policy) -> dict[str, Drawn]:
    """A quarter has an incident and all else, the others nothing; and as many as a message never holds, all of it."""
    few = {key: Bearing() if number % 4 else bearing for number, key in enumerate(policy.services)}
    some = next(iter(policy.services.values()))
    crowd = {f"service-{number}": some for number in range(200)}
    crowded = {key: bearing if number % 2 else Bearing() for number, key in enumerate(crowd)}
    return {
        "services now": said(now_views.now(few, policy, AT)),
        "services now, many": said(now_views.now(crowded, policy.model_copy(update={"services": crowd}), AT)),
        "services now, nothing": said(now_views.now(dict.fromkeys(few, Bearing()), policy, AT)),
        "services now, replaced": said(now_views.replaced("service-desk")),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    item = sample(CiState.LIVE, words)
    return [Waits(item, Why.VERIFY, AT, Asking(Standing(_campaign(words), {None: 4}), [item], 4))]


def _campaign(words: Mapping[str, str]) -> CiCampaign:
    name = words.get("title", "Spring")[:60]
    return CiCampaign(
        number=3, name=name, scope="server unverified", share="10 %", seed=name, population=40, one_by_one=False,
        due_on="2026-04-03", started_by=AGENT, started_at=AT,
    )  # fmt: skip


def _campaigns(items: list[ConfigurationItem], words: Mapping[str, str], policy: Policy) -> dict[str, Drawn]:
    """A campaign as it is asked, as it stands, and when it is over."""
    one = _campaign(words)
    over = one.model_copy(update={"closed_at": AT, "closed_by": AGENT})
    stands = Standing(one, {None: 4, Outcome.AS_RECORDED: 9, Outcome.DIFFERS: 2, Outcome.GONE: 1})
    fresh = [Freshness("server", 40, 30, 20, 4, AT), Freshness("database", 3, 0, 0, 0, None)]
    found = {Outcome.DIFFERS: items, Outcome.GONE: items[:1], None: items * 6}
    return {
        "ci campaign, form": campaign_views.form(one.name),
        "ci campaign, asked": said(campaign_views.asked(Asking(stands, items, 9), policy)),
        "ci campaign, asked, nothing left": said(campaign_views.asked(Asking(stands, [], 0), policy)),
        "ci campaign, asked, over": said(campaign_views.asked(Asking(Standing(over, stands.counts), items, 9), policy)),
        "ci campaign, started": said(campaign_views.started(one, 4)),
        "ci campaign, over": said(campaign_views.over(Standing(over, stands.counts))),
        "ci campaign, closed": said(campaign_views.closed(over)),
        "ci campaigns": said(campaign_views.listing([stands, Standing(over, {None: 1})], fresh, policy)),
        "ci campaigns, none": said(campaign_views.listing([], [], policy)),
        "ci campaign, whole": campaign_views.whole(stands, found),
        "ci campaign, whole, over": campaign_views.whole(Standing(over, {}), {}),
    }
