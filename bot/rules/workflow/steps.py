"""Steps that Deskbell has in Slack's Workflow Builder, and how one that ended is told."""

from collections.abc import Mapping
from enum import StrEnum

from bot.rules.record.notices import Notice, NoticeKind
from bot.rules.record.refusals import Refusal

LANE = "#WORKFLOWS"
"""No channel's name has capital letters."""
ERROR_MOST = 500


class WorkflowStep(StrEnum):
    """As the manifest calls them."""

    REPORT_INCIDENT = "report_incident"
    ASK_FOR_SOMETHING = "ask_for_something"
    ASK_FOR_CHANGE = "ask_for_change"
    WAIT_UNTIL_APPROVED = "wait_until_approved"


class NoSuchStep(Refusal):
    """Deskbell has no step “{name}” any more. Take it out of the workflow."""


class NothingToWaitFor(Refusal):
    """{ref} is nothing that is put to approval, so that nobody could approve it. Give the number of a change, a
    request, a review, a document, an entry of a register or a proposal for the policy, like CHG-12."""


class NoFileInWords(Refusal):
    """“{asks}” wants a file, which a workflow cannot give. Leave it out, or ask with the form."""


class NoSuchQuestion(Refusal):
    """“{asked}” is no question of “{item}”. It asks: {known}."""


def done(execution: str, about: str, outputs: Mapping[str, str]) -> Notice:
    return Notice(NoticeKind.WORKFLOW_STEP, LANE, about, execution, {"execution": execution, **_prefixed(outputs)})


def failed(execution: str, about: str, why: str) -> Notice:
    return Notice(NoticeKind.WORKFLOW_STEP, LANE, about, execution, {"execution": execution, "error": why[:ERROR_MOST]})


def outputs_of(data: Mapping[str, str]) -> dict[str, str]:
    return {key.removeprefix("out_"): value for key, value in data.items() if key.startswith("out_")}


def _prefixed(outputs: Mapping[str, str]) -> dict[str, str]:
    return {f"out_{key}": value for key, value in outputs.items()}
