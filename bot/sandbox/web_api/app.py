"""The app itself: auth.*, api.*, apps.*, bots.*, team.*, and blocks.validate, which only this sandbox has."""

from secrets import token_urlsafe

from bot.sandbox import objects
from bot.sandbox.blocks import check_message, check_view
from bot.sandbox.state import Json, SlackError
from bot.sandbox.web_api.arguments import Ask, answers


@answers("api.test")
def api_test(ask: Ask) -> Json:
    if error := ask.text("error"):
        raise SlackError(error, args=ask.args)
    return {"args": ask.args}


@answers("auth.test")
def auth_test(ask: Ask) -> Json:
    slack = ask.slack
    return {
        "url": f"https://{slack.domain}.slack.com/",
        "team": slack.name,
        "user": slack.bot_user.name,
        "team_id": slack.team_id,
        "user_id": slack.bot_user.id,
        "bot_id": slack.bot_id,
        "is_enterprise_install": False,
    }


@answers("apps.connections.open")
def open_connection(ask: Ask) -> Json:
    """An address for one websocket."""
    ticket = token_urlsafe(16)
    ask.slack.tickets.add(ticket)
    base = (ask.slack.base_url or "").replace("http://", "ws://", 1)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={ask.slack.app_id}"}


@answers("bots.info")
def bots_info(ask: Ask) -> Json:
    if ask.text("bot", ask.slack.bot_id) != ask.slack.bot_id:
        raise SlackError("bot_not_found")
    profile = objects.bot_profile(ask.slack)
    del profile["team_id"]
    return {"bot": profile}


@answers("team.info")
def team_info(ask: Ask) -> Json:
    slack = ask.slack
    if ask.text("team", slack.team_id) != slack.team_id:
        raise SlackError("team_not_found")
    url = f"https://{slack.domain}.slack.com/"
    return {"team": {"id": slack.team_id, "name": slack.name, "url": url, "domain": slack.domain, "icon": {}}}


@answers("blocks.validate")
def validate_blocks(ask: Ask) -> Json:
    """Whether Slack would take these blocks, or this view; the faults come with JSON pointers."""
    view = ask.parsed("view")
    faults = check_message(ask.parsed("blocks")) if view is None else check_view(view)
    if faults:
        raise SlackError("invalid_blocks", *(f"[ERROR] {fault}" for fault in faults))
    return {}
