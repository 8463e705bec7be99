"""A request that changes something: done once however often it comes, in the transaction that keeps its answer."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.rules.record.json_faults import doubled
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import Refusal
from bot.usecases.api import reading
from bot.usecases.api.tokens import Caller
from bot.web.api import problems
from bot.web.api.problems import Problem
from storage import records
from storage.api import tokens
from storage.db.queued import attempt
from storage.tables import ApiAnswer, Record

KEY_MOST = 255

Effect = Callable[[AsyncSession, Caller], Awaitable[Record]]


def etag(told: dict[str, Any]) -> str:
    """Of a record as it is told: what changes in it changes this."""
    text = json.dumps(told, sort_keys=True, ensure_ascii=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def of_record(record: Record, status: int = 200) -> Response:
    told = reading.as_json(record)
    headers = {"ETag": etag(told)}
    if status == 201:
        headers["Location"] = location(record.ref)
    return JSONResponse(told, status, headers=headers)


def location(ref: Ref) -> str:
    collection = next(name for name, noun in reading.NOUNS.items() if noun is ref.noun)
    return f"/api/v1/{collection}/{ref}"


def key_of(request: Request) -> str:
    """Raises Problem."""
    key = request.headers.get("idempotency-key", "")
    if not key or len(key) > KEY_MOST:
        raise Problem(
            400, f"Idempotency-Key is missing, or longer than {KEY_MOST} characters. Send a new one each time."
        )
    return key


async def once(
    tx: AsyncSession, request: Request, who: Caller, effect: Effect, ref: Ref | None, status: int, now: datetime
) -> Response:
    """The effect's answer, or the one that was given to this key before. Raises Problem."""
    key, mark = key_of(request), await _fingerprint(request)
    if not await tokens.take(tx, who.token, key):
        raise Problem(409, "The request with this Idempotency-Key is still at work.", {"Retry-After": "1"})
    known = await tokens.answered(tx, who.token, key)
    if known is not None:
        if known.fingerprint != mark:
            raise Problem(422, "This Idempotency-Key was used for another request. Send a new one for each.")
        return _again(known)
    if ref is not None:
        await _as_seen(tx, request, ref, who)
    try:
        async with attempt(tx):
            answer = of_record(await effect(tx, who), status)
    except Refusal as refused:
        answer = problems.of_refusal(refused)
    await tokens.keep(tx, _kept(who, key, mark, answer, now))
    return answer


async def _as_seen(tx: AsyncSession, request: Request, ref: Ref, who: Caller) -> None:
    """The record is held, and is the one that was read. Raises Problem, NoSuchRecord."""
    wanted = request.headers.get("if-match")
    if wanted is None:
        raise Problem(428, "If-Match is missing. Read the record and send its ETag, or * for whatever it is now.")
    record = await reading.one(tx, ref, who)
    await records.hold(tx, type(record), ref.number)
    record = await reading.one(tx, ref, who)
    tags = [one.strip() for one in wanted.split(",")]
    if "*" not in tags and etag(reading.as_json(record)) not in tags:
        raise Problem(412, f"{ref} has changed since you read it. Read it again.")


async def _fingerprint(request: Request) -> str:
    """Of the method, the path, and the body whatever the order of its fields."""
    body = await request.body()
    try:
        plain = json.dumps(json.loads(body or b"null", object_pairs_hook=_fields), sort_keys=True)
    except (ValueError, RecursionError):
        plain = repr(body)
    return hashlib.sha256(f"{request.method} {request.url.path} {plain}".encode("utf-8", "surrogatepass")).hexdigest()


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises Problem where one stands there twice: a private incident is not made public by the second."""
    if twice := doubled(pairs):
        raise Problem(422, f"“{twice}” stands twice in one object of the body. Send it once.")
    return dict(pairs)


def _kept(who: Caller, key: str, mark: str, answer: Response, now: datetime) -> ApiAnswer:
    named = ("etag", "location", "content-type")
    headers = {name: answer.headers[name] for name in named if name in answer.headers}
    return ApiAnswer(
        token=who.token,
        key=key,
        fingerprint=mark,
        status=answer.status_code,
        headers=json.dumps(headers),
        body=bytes(answer.body).decode(),
        answered_at=now,
    )


def _again(known: ApiAnswer) -> Response:
    return Response(known.body, known.status, headers={**json.loads(known.headers), "Idempotent-Replayed": "true"})
