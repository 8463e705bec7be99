"""Sets the members of a user group of Slack."""

from collections.abc import Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.deliveries import Task
from bot.delivery.results import CannotBeDone
from handlers.delivery.slack_tasks import SetUserGroup

GONE, DISABLED = "no_such_subteam", "user_group_disabled"
"""The first is Slack's own code; Slack has none for a group that somebody disabled."""


async def set_members(client: AsyncWebClient, _task: Task, step: SetUserGroup) -> Mapping[str, str]:
    """Slack tells people that they were added, so a group that has them is left alone. Raises CannotBeDone."""
    answer = await client.usergroups_list(include_disabled=True, include_users=True)
    group = next((one for one in answer["usergroups"] if one["id"] == step.group), None)
    if group is None or group.get("date_delete"):
        raise CannotBeDone(GONE if group is None else DISABLED)
    if set(group.get("users") or []) != set(step.people):
        await client.usergroups_users_update(usergroup=step.group, users=list(step.people))
    return {"handle": str(group.get("handle", "")), "people": " ".join(step.people)}
