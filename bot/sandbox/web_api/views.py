"""views.*: modals and App Home."""

from bot.sandbox import modals, objects
from bot.sandbox.app.triggers import Trigger
from bot.sandbox.state import Json, SlackError, View
from bot.sandbox.web_api.arguments import Ask, answers


def _trigger(ask: Ask) -> Trigger:
    trigger_id = ask.text("trigger_id") or ask.text("interactivity_pointer")
    if not trigger_id:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: trigger_id")
    return ask.slack.triggers.exchange(trigger_id)


def _shown(ask: Ask, seen: View) -> Json:
    return {"view": objects.view(ask.slack, seen)}


def _check_hash(ask: Ask, seen: View | None) -> None:
    wanted = ask.text("hash")
    if wanted and (seen is None or seen.hash != wanted):
        raise SlackError("hash_conflict")


@answers("views.open")
def open_view(ask: Ask) -> Json:
    body = modals.checked(ask.slack, ask.parsed("view"), "modal")
    return _shown(ask, modals.show(ask.slack, _trigger(ask).user, body))


@answers("views.push")
def push_view(ask: Ask) -> Json:
    body = modals.checked(ask.slack, ask.parsed("view"), "modal")
    return _shown(ask, modals.push(ask.slack, _trigger(ask).user, body))


@answers("views.update")
def update_view(ask: Ask) -> Json:
    view_id, external_id = ask.text("view_id"), ask.text("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: view_id or external_id")
    seen = modals.find(ask.slack, view_id=view_id, external_id=external_id)
    if seen is None:
        raise SlackError("not_found")
    body = modals.checked(ask.slack, ask.parsed("view"), seen.body["type"], replacing=seen)
    _check_hash(ask, seen)
    return _shown(ask, modals.update(ask.slack, seen, body))


@answers("views.publish")
def publish_view(ask: Ask) -> Json:
    if not ask.slack.manifest.home_tab:
        raise SlackError("not_enabled")
    user = ask.user("user_id")
    if user.is_bot or user.deleted:
        raise SlackError("user_not_found")
    seen = ask.slack.homes.get(user.id)
    body = modals.checked(ask.slack, ask.parsed("view"), "home", replacing=seen)
    _check_hash(ask, seen)
    return _shown(ask, modals.publish(ask.slack, user.id, body))
