"""Why a text is no JSON, in words."""

import json


class NoJson(ValueError):
    """Python reads it, and JSON does not know it."""


def why_no_json(fault: ValueError | RecursionError) -> str:
    """Of what `json` raised; completes “it …” or stands alone."""
    if isinstance(fault, RecursionError):
        return "it is nested too deeply"
    if isinstance(fault, json.JSONDecodeError):
        return f"{fault.msg[:1].lower()}{fault.msg[1:]}"
    return str(fault) if isinstance(fault, NoJson) else "it has a number that is too long to be read"
