"""functions.*: how a step of a workflow ended."""

from bot.sandbox.state import Execution, Json, SlackError
from bot.sandbox.web_api.arguments import Ask, answers


def _running(ask: Ask) -> Execution:
    found = ask.slack.executions.get(ask.text("function_execution_id"))
    if found is None:
        raise SlackError("function_execution_not_found")
    if found.state != "running":
        raise SlackError("execution_not_in_running_state")
    return found


def _touch(ask: Ask) -> None:
    """Every open page shows how steps ended."""
    ask.slack.changes.touch(people=[one.name for one in ask.slack.people])


@answers("functions.completeSuccess")
def complete_success(ask: Ask) -> Json:
    execution, outputs = _running(ask), ask.parsed("outputs")
    wanted = ask.slack.manifest.functions[execution.callback_id].get("output_parameters") or {}
    known = wanted.get("properties", {})
    missing = set(wanted.get("required", ())) - set(outputs or {})
    if not isinstance(outputs, dict) or missing or set(outputs) - set(known):
        raise SlackError("parameter_validation_failed")
    execution.state, execution.outputs = "completed", outputs
    _touch(ask)
    return {}


@answers("functions.completeError")
def complete_error(ask: Ask) -> Json:
    execution = _running(ask)
    execution.state, execution.error = "failed", ask.text("error")
    _touch(ask)
    return {}
