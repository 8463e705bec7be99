"""What Slack says: token, scopes, clock, the way in, channels and groups."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import manifest
from bot.doctor.checks import Check, State, worst
from bot.rules.policy.policy import Policy
from bot.settings import Settings
from handlers.workspace import channels as workspace_channels
from handlers.workspace import client, roster
from handlers.workspace.roster import Found, Membership

GROUPS_WRITE = "usergroups:write"
SKEW = timedelta(seconds=60)
"""Requests are good for five minutes by their signature; a clock that is a minute off has begun to drift there."""

_APP = "api.slack.com/apps → your app"
_BOT_TOKEN = f"copy it anew: {_APP} → OAuth & Permissions → Bot User OAuth Token"
_APP_TOKEN = f"{_APP} → Basic Information → App-Level Tokens, with the scope connections:write"
_SECRET = f"{_APP} → Basic Information → App Credentials → Signing Secret"


async def checks(settings: Settings, policy: Policy | None, now: Callable[[], datetime]) -> list[Check]:
    async with client.session() as session:
        slack = client.for_reads(settings.bot_token.get_secret_value(), settings.slack_api_url, session)
        try:
            answer = await slack.auth_test()
        except SlackApiError as error:
            return [Check("token", State.FAILED, f"Slack does not accept it: {_code(error)}", _BOT_TOKEN), *_unseen()]
        except (aiohttp.ClientError, TimeoutError) as error:
            found = f"{settings.slack_api_url} cannot be reached: {error or type(error).__name__}"
            return [
                Check("token", State.FAILED, found, "is this machine connected, and is a proxy needed?"),
                *_unseen(),
            ]
        token = Check("token", State.OK, f"@{answer.get('user')} in the workspace {answer.get('team')}")
        headers = answer.headers
        read = [
            scopes(headers.get("x-oauth-scopes"), policy),
            clock(headers.get("Date"), now()),
            await door(slack, settings),
        ]
        return [token, *read, *await _workspace(slack, str(answer["team_id"]), policy, now())]


def _unseen() -> list[Check]:
    names = ("scopes", "clock", "way in", "channels", "groups", "approvals")
    return [Check(name, State.SKIPPED, "needs the token") for name in names]


def scopes(granted: str | None, policy: Policy | None = None) -> Check:
    """`granted`: the header of Slack's answers that lists the token's scopes. Held against the manifest's.

    One that is optional is missed where the policy needs it alone.
    """
    if granted is None:
        return Check("scopes", State.SKIPPED, "Slack's answer does not list them")
    given = {scope.strip() for scope in granted.split(",")}
    missing = [scope for scope in manifest.bot_scopes() if scope not in given]
    if not missing and policy is not None and _user_groups(policy) and GROUPS_WRITE not in given:
        found = f"the token lacks {GROUPS_WRITE}, which is optional, and the policy's rotas have user groups"
        mend = f"{_APP} → Install App → Reinstall, and tick it; or take `user_group` out of the policy"
        return Check("scopes", State.LOOK, found, mend)
    if not missing:
        return Check("scopes", State.OK, "all that manifest.yml asks for")
    mend = f"{_APP} → App Manifest: paste manifest.yml, save, then Install App → Reinstall"
    return Check("scopes", State.FAILED, f"the token lacks {', '.join(missing)}", mend)


def clock(sent: str | None, now: datetime) -> Check:
    """`sent`: the Date header of Slack's answer."""
    if not sent:
        return Check("clock", State.SKIPPED, "Slack's answer carries no date")
    off = now - parsedate_to_datetime(sent)
    if abs(off) <= SKEW:
        return Check("clock", State.OK, "agrees with Slack's to the minute")
    seconds = round(abs(off).total_seconds())
    way = "ahead of" if off > timedelta(0) else "behind"
    mend = "turn on time synchronisation (timedatectl set-ntp true); at 300 s every request is refused as forged"
    return Check("clock", State.FAILED, f"this machine is {seconds} s {way} Slack", mend)


async def door(slack: AsyncWebClient, settings: Settings) -> Check:
    """The way in for Slack's requests: a socket if there is an app token, else HTTP with a signing secret."""
    if settings.app_token is None:
        return _signing_secret(settings)
    try:
        await slack.apps_connections_open(app_token=settings.app_token.get_secret_value())
    except SlackApiError as error:
        mend = f"make one anew: {_APP_TOKEN}; and switch on {_APP} → Socket Mode"
        return Check("way in", State.FAILED, f"Slack opens no socket for SLACK_APP_TOKEN: {_code(error)}", mend)
    return Check("way in", State.OK, "Socket Mode: Slack opens a socket")


def _signing_secret(settings: Settings) -> Check:
    secret = settings.signing_secret.get_secret_value() if settings.signing_secret else ""
    where = f"POST http://{settings.host}:{settings.port}/slack/events"
    if re.fullmatch(r"[0-9a-f]{32}", secret):
        return Check("way in", State.OK, f"HTTP: {where}; the signing secret has the form of one")
    found = "HTTP: SLACK_SIGNING_SECRET is not the 32 digits (0-9, a-f) that Slack gives out"
    return Check("way in", State.LOOK, found, f"copy it anew: {_SECRET}")


async def _workspace(slack: AsyncWebClient, team: str, policy: Policy | None, now: datetime) -> list[Check]:
    if policy is None:
        return [Check(name, State.SKIPPED, "needs a sound policy") for name in ("channels", "groups", "approvals")]
    try:
        seen = await roster.channels(slack)
        everyone = await roster.roster(slack, team, now)
        members = await roster.memberships(slack, policy.groups.values(), everyone, seen)
        found = [channels(policy, seen), groups(members), approvals(policy, members)]
        return [*found, await user_groups(slack, policy)] if _user_groups(policy) else found
    except SlackApiError as error:
        return [Check("workspace", State.FAILED, f"Slack does not let it be read: {_code(error)}", "see scopes above")]


def channels(policy: Policy, seen: list[Found]) -> Check:
    found: list[str] = []
    states: list[State] = []
    for name, place in workspace_channels.look(policy.channels.values(), seen, {}).items():
        state, told = _channel(place)
        found.append(f"#{name}: {told}")
        states.append(state)
    worse = worst(states)
    mend = "" if worse is State.OK else "unarchive it in Slack, or name another channel in the policy"
    return Check("channels", worse, "; ".join(found), mend)


def _channel(place: Found | None) -> tuple[State, str]:
    if place is None:
        return State.OK, "not there yet; the start makes it"
    if place.is_archived:
        return State.FAILED, "archived"
    return State.OK, "joined" if place.is_member else "there; the start joins it"


def groups(found: Mapping[str, Membership]) -> Check:
    fallen = {key: one for key, one in found.items() if one.fallen_because is not None}
    if not fallen:
        return Check("groups", State.OK, "; ".join(f"{key}: {_people(len(one.ids))}" for key, one in found.items()))
    told = [
        f"{key} falls to the owners and admins ({_people(len(one.ids))}): {one.fallen_because}"
        for key, one in fallen.items()
    ]
    nobody = any(not one.ids for one in fallen.values())
    mend = "make the user group, or name the members in the policy by a private channel or as a list of people"
    return Check("groups", State.FAILED if nobody else State.LOOK, "; ".join(told), mend)


def approvals(policy: Policy, members: Mapping[str, Membership]) -> Check:
    """Whether each stage of each approval has people enough: also where one of them asks, who may not vote then."""
    never, seldom, nobody = [], [], False
    for key, rule in policy.approvals.items():
        for text, stage in zip(rule.stages, rule.rules, strict=True):
            there = len(members[stage.group].ids if stage.group else stage.people)
            nobody = nobody or not there
            if not there or stage.needs(there) > there:
                never.append(f"{key}: “{text}” has {_people(there)}, so that nothing is ever approved")
            elif there == 1 or (stage.rule != "all" and stage.needs(there) == there):
                seldom.append(f"{key}: “{text}” has {_people(there)}, too few where one of them asks")
    state = State.FAILED if nobody else State.LOOK if never or seldom else State.OK
    said = "; ".join([*never, *seldom]) or f"each of {len(policy.approvals)} has people enough"
    return Check("approvals", state, said, "add people to the group, or ask for fewer votes" if never or seldom else "")


def _user_groups(policy: Policy) -> dict[str, str]:
    """Of rotas, by rota."""
    return {key: rota.user_group for key, rota in policy.rotas.items() if rota.user_group}


async def user_groups(slack: AsyncWebClient, policy: Policy) -> Check:
    """Whether each user group that is to follow a rota is there and enabled."""
    try:
        answer = await slack.usergroups_list(include_disabled=True)
    except SlackApiError as error:
        return Check("user groups", State.LOOK, f"Slack does not let them be read: {_code(error)}", "see scopes above")
    there = {one["id"]: one for one in answer["usergroups"]}
    said, state = [], State.OK
    for key, group in _user_groups(policy).items():
        known = there.get(group)
        sound = known is not None and not known.get("date_delete")
        state = state if sound else State.LOOK
        told = f"@{known['handle']}" if known and sound else f"{group} is disabled" if known else f"no group {group}"
        said.append(f"rota {key}: {told}")
    mend = "" if state is State.OK else "enable it in Slack, or name another `user_group` in the policy"
    return Check("user groups", state, "; ".join(said), mend)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error") or f"HTTP status {error.response.status_code}")
