"""Reads from Slack's answer, or from its absence, what becomes of a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers.workspace.client import TooLate

RETRY_AFTER_SECONDS = 10.0
"""Stands in for a Retry-After that Slack left out."""

PARKING = frozenset(
    {
        "account_inactive",
        "access_denied",
        "channel_not_found",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "no_permission",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
        "team_not_found",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
"""Nothing is wrong with the message: someone must mend the channel or the installation, and then it can go."""

DOUBTFUL = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Slack does not say whether it did it."""

LIMITED = frozenset({"ratelimited", "rate_limited"})

PASSING = frozenset({"external_channel_migrating", "hash_conflict", "message_limit_exceeded", "update_failed"})
"""Not done, and worth a few more tries."""

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""The message that was to be redrawn is there no more, or stands as it is for ever."""


@dataclass(frozen=True)
class Result:
    error: str = ""


@dataclass(frozen=True)
class Sent(Result):
    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True)
class Done(Sent):
    """A step was taken; `found` is what it made or read."""

    found: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Absent(Result):
    """The history was read and the post is not in it: it may be posted again."""


@dataclass(frozen=True)
class Deleted(Result):
    """There is nothing left to redraw."""


@dataclass(frozen=True)
class Unsent(Result):
    """Surely not done; to be tried again."""

    for_ever: bool = True
    """Whether to keep trying however often it fails."""


@dataclass(frozen=True)
class Deferred(Unsent):
    """Not taken; to be tried again after so long."""

    seconds: float = 0.0


@dataclass(frozen=True)
class Unsure(Unsent):
    """Done or not: only the channel's history can tell."""


@dataclass(frozen=True)
class Limited(Result):
    seconds: float = RETRY_AFTER_SECONDS


@dataclass(frozen=True)
class Refused(Result):
    """Slack will never take it."""


@dataclass(frozen=True)
class Undeliverable(Result):
    """Not until someone mends the channel or the installation."""


class CannotBeDone(Exception):
    """There is no use in asking Slack for it; the message is the reason, as short as a code of Slack's."""


def of_failure(failure: Exception) -> Result:
    """The verdict on a call that raised."""
    if isinstance(failure, SlackApiError):
        return _of_answer(failure)
    if isinstance(failure, CannotBeDone):
        return Refused(str(failure))
    if isinstance(failure, TooLate):
        return Unsent("too little of the lease was left to call Slack")
    if isinstance(failure, aiohttp.ClientConnectorError):
        return Unsent(f"Slack could not be reached ({failure})")
    if isinstance(failure, TimeoutError):
        return Unsure("Slack did not answer in time")
    if isinstance(failure, (aiohttp.ClientError, OSError)):
        return Unsure(f"the connection broke ({type(failure).__name__})")
    return Unsure(f"{type(failure).__name__}: {failure}", for_ever=False)


NO_PICTURE = "invalid slack file"
"""What Slack says of an image block whose file was deleted, or which it has not looked through yet."""


def is_about_a_picture(failure: SlackApiError) -> bool:
    named = _code(failure.response) in {"invalid_blocks", "invalid_arguments"}
    return named and NO_PICTURE in _detail("", failure.response)


def _of_answer(failure: SlackApiError) -> Result:
    response = failure.response
    status = _status(response)
    code = _code(response)
    if status == 429 or code in LIMITED:
        return Limited(code or "ratelimited", _retry_after(response.headers))
    if status >= 500 or code is None or code in DOUBTFUL:
        return Unsure(f"Slack answered {code or status}")
    if is_about_a_picture(failure):
        return Unsent(_detail(code, response), for_ever=False)
    if code == "is_inactive":  # what `chat.update` calls it
        return Undeliverable("is_archived")
    if code in PARKING:
        return Undeliverable(code)
    if code in PASSING:
        return Unsent(code, for_ever=False)
    return Deleted(code) if code in GONE else Refused(_detail(code, response))


def _status(response: object) -> int:
    """The SDK hands its own response over, or aiohttp's where the body was not JSON."""
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def _code(response: object) -> str | None:
    data = getattr(response, "data", None)
    return str(data["error"]) if isinstance(data, dict) and "error" in data else None


def _detail(code: str, response: object) -> str:
    """With Slack's pointers to the fault, where it gives any."""
    data = getattr(response, "data", {})
    more = data.get("errors") or data.get("response_metadata", {}).get("messages") or []
    return ": ".join([code, *map(str, more)])


def _retry_after(headers: Mapping[str, str]) -> float:
    try:
        return max(0.0, float(headers.get("Retry-After", RETRY_AFTER_SECONDS)))
    except ValueError:
        return RETRY_AFTER_SECONDS
