"""Errors of the REST API: RFC 9457 for every one, with the sentence that people hear in Slack."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from bot.rules.api.refusals import NotAToken
from bot.rules.api.tokens import NotThisScope
from bot.rules.record.refusals import (
    AlreadyDone,
    FormRefused,
    GuestsMayNot,
    NoSuchRecord,
    NotAllowed,
    NotAStep,
    Refusal,
    Stale,
    UnknownReference,
)

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "The request is not complete",
    401: "Who asks is not known",
    403: "Who asks may not",
    404: "There is no such thing",
    405: "This cannot be done here",
    409: "The record does not allow it now",
    412: "The record has changed",
    413: "The request is too large",
    415: "The request is of another type",
    422: "The request says what cannot be",
    428: "The request must say which version it means",
    429: "Too many requests",
    500: "Something went wrong on our side",
}
_STATUS: Mapping[type[Refusal], int] = {
    NotAToken: 401,
    NotThisScope: 403,
    GuestsMayNot: 403,
    NotAllowed: 403,
    NoSuchRecord: 404,
    UnknownReference: 404,
    AlreadyDone: 409,
    NotAStep: 409,
    Stale: 409,
    FormRefused: 422,
}
_WHO = ("NotOn", "NotYour", "Only", "NotConcerned", "Own")
"""What the names of refusals begin with that are about who asks."""


class Fault(BaseModel):
    pointer: str
    detail: str


class ProblemDetails(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[Fault] | None = None


class Problem(Exception):
    """An answer that is an error; nothing of the request stands."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.detail, self.headers = status, detail, dict(headers or {})
        super().__init__(detail)


def status_of(refusal: Refusal) -> int:
    for kind in type(refusal).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    name = type(refusal).__name__
    if name.startswith("NoSuch"):
        return 422
    return 403 if name.startswith(_WHO) else 409 if name.startswith(("Cannot", "Already", "Ended", "Reopen")) else 422


def of_refusal(refusal: Refusal) -> Response:
    status = status_of(refusal)
    faults = refusal.faults if isinstance(refusal, FormRefused) else {}
    errors = [Fault(pointer=f"#/{field}", detail=words) for field, words in faults.items()]
    detail = " ".join(faults.values()) or refusal.sentence
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return answer(status, detail, errors, headers=headers)


def answer(
    status: int,
    detail: str,
    errors: Sequence[Fault] = (),
    *,
    instance: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {
        "type": f"/api/v1/docs#problem-{status}",
        "title": TITLES.get(status, "It was not done"),
        "status": status,
        "detail": detail,
    }
    if instance:
        body["instance"] = instance
    if errors:
        body["errors"] = [one.model_dump() for one in errors]
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def code() -> str:
    """Stands in the log beside what went wrong."""
    return f"API-{secrets.token_hex(3).upper()}"


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an operation may answer beside what it is asked for, for the OpenAPI document."""
    schema = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
    return {one: {"description": TITLES[one], "content": {MEDIA_TYPE: schema}} for one in statuses}
