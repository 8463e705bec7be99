"""What Slack says of a picture that it has not looked through yet, or that is gone."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery.results import Refused, Unsent, of_failure


def failed(code: str, message: str) -> SlackApiError:
    data = {"ok": False, "error": code, "response_metadata": {"messages": [message]}}
    answer = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=200
    )
    return SlackApiError("failed", answer)


@pytest.mark.parametrize("code", ["invalid_blocks", "invalid_arguments"])
def test_a_picture_that_is_not_ready_is_waited_for_but_not_for_ever(code: str) -> None:
    verdict = of_failure(failed(code, "[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"))
    assert isinstance(verdict, Unsent)
    assert not verdict.for_ever


def test_other_faults_in_blocks_are_final() -> None:
    assert isinstance(of_failure(failed("invalid_blocks", "[ERROR] must be shorter")), Refused)
