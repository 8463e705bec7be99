"""What webhooks send, as the OpenAPI document has it: an operation of whoever is told."""

from typing import Any

from bot.rules.webhook.events import NAMES

_HEADERS = {
    "webhook-id": "The same each time that a message is sent: who has seen it does nothing.",
    "webhook-timestamp": "Seconds since 1970 of this attempt. What is older than five minutes is refused.",
    "webhook-signature": "One or more of v1,… (HMAC-SHA256) and v1a,… (Ed25519), with spaces between them.",
}
_CLOCKED = "sla."


def declared() -> dict[str, Any]:
    return {name: {"post": _operation(name)} for name in NAMES}


def _operation(name: str) -> dict[str, Any]:
    return {
        "summary": name.replace(".", ": ").replace("_", " "),
        "operationId": f"webhook-{name.replace('.', '-').replace('_', '-')}",
        "parameters": [
            {"name": header, "in": "header", "required": True, "description": words, "schema": {"type": "string"}}
            for header, words in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _schema(name)}}},
        "responses": {
            "2XX": {"description": "It was taken."},
            "410": {"description": "The endpoint is gone: nothing more is sent to it."},
            "default": {"description": "It was not taken, and is sent again."},
        },
    }


def _schema(name: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "ref": {"type": "string", "description": "Like INC-12."},
        "revision": {"type": "integer"},
        "url": {"type": "string", "description": "Where the API has the record."},
    }
    if name.startswith(_CLOCKED):
        data["clock"] = {"type": "string", "description": "Which promise: response, resolution, update."}
    return {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": name},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"type": "object", "required": ["ref"], "properties": data},
        },
    }
