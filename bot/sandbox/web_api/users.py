"""users.* and usergroups.*: who is here."""

from bot.sandbox import objects
from bot.sandbox.state import Channel, Json, SlackError, User, Usergroup
from bot.sandbox.web_api.arguments import Ask, answers
from bot.sandbox.web_api.conversations import of_types


def _shape(ask: Ask, user: User) -> Json:
    return objects.user(ask.slack, user) | ({"locale": "en-GB"} if ask.flag("include_locale") else {})


@answers("users.info")
def info(ask: Ask) -> Json:
    return {"user": _shape(ask, ask.user())}


@answers("users.list")
def list_users(ask: Ask) -> Json:
    """Everybody, without a limit all at once; deactivated users, bots and Slackbot too."""
    everybody = list(ask.slack.users.values())
    part, cursor = ask.page(everybody, default=max(1, len(everybody)))
    now = objects.seconds(ask.slack.clock.now())
    members = [_shape(ask, user) for user in part]
    return {"members": members, "cache_ts": now, "response_metadata": {"next_cursor": cursor}}


@answers("users.lookupByEmail")
def lookup_by_email(ask: Ask) -> Json:
    wanted = ask.text("email").lower()
    for user in ask.slack.people:
        if wanted and user.email.lower() == wanted and not user.deleted:
            return {"user": _shape(ask, user)}
    raise SlackError("users_not_found")


@answers("users.conversations")
def conversations_of(ask: Ask) -> Json:
    """The channels of a user (the app, if none is named), as far as the app may see them."""
    slack = ask.slack
    user = ask.user() if "user" in ask.args else slack.bot_user

    def seen(place: Channel) -> bool:
        return user.id in place.members and (not place.is_private or slack.bot_user.id in place.members)

    part, cursor = ask.page([place for place in of_types(ask) if seen(place)], most=999)
    return {"channels": [objects.channel(slack, p) for p in part], "response_metadata": {"next_cursor": cursor}}


def _needs_paid_plan(ask: Ask) -> None:
    if not ask.slack.paid_plan:
        raise SlackError("plan_upgrade_required")


@answers("usergroups.list")
def list_usergroups(ask: Ask) -> Json:
    _needs_paid_plan(ask)

    def shape(group: Usergroup) -> Json:
        users = {"users": list(group.members)} if ask.flag("include_users") else {}
        return objects.usergroup(ask.slack, group) | users

    every = ask.flag("include_disabled")
    return {"usergroups": [shape(one) for one in ask.slack.usergroups.values() if every or not one.date_delete]}


@answers("usergroups.users.list")
def list_usergroup_users(ask: Ask) -> Json:
    return {"users": list(_usergroup(ask, disabled=ask.flag("include_disabled")).members)}


@answers("usergroups.users.update")
def update_usergroup_users(ask: Ask) -> Json:
    """Replaces its members. Slack takes no empty list, and neither guests nor bots."""
    group = _usergroup(ask)
    named = list(dict.fromkeys(one for one in ask.text("users").split(",") if one))
    if not named:
        raise SlackError("no_users_provided")
    known = [ask.slack.users.get(one) for one in named]
    if any(one is None or one.deleted or one.is_bot or one.is_restricted for one in known):
        raise SlackError("invalid_users")
    ask.slack.set_usergroup(group, named)
    return {"usergroup": objects.usergroup(ask.slack, group) | {"users": named}}


def _usergroup(ask: Ask, *, disabled: bool = False) -> Usergroup:
    _needs_paid_plan(ask)
    group = ask.slack.usergroups.get(ask.text("usergroup"))
    if group is None or (group.date_delete and not disabled):
        raise SlackError("no_such_subteam")
    return group
