"""Records of each noun, as the API lists and tells them, and notes on them."""

from typing import Any

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import JSONResponse, Response

from bot.rules.api import cursors
from bot.rules.record.refs import Noun, Ref
from bot.usecases.api import reading
from bot.usecases.api.tokens import Caller
from bot.usecases.records import comments
from bot.web.api import writing
from bot.web.api.bodies import Note
from bot.web.api.door import LIMIT, Cursor, Door, Limit, RefPath, Words, pages, records
from storage.tables import Record


def declare_reads(door: Door, collection: str, noun: Noun) -> None:
    scope = f"{collection}:read"

    async def listed(request: Request, q: Words = "", limit: Limit = LIMIT, cursor: Cursor = None) -> Response:
        async def ask(tx: AsyncSession, who: Caller) -> Response:
            what = f"{collection} {q}"
            after = cursors.read(who.secret, what, cursor) if cursor else None
            found, more = await reading.page(tx, collection, q, after, limit, who, door.now())
            following = cursors.written(who.secret, what, found[-1].number) if more else None
            return _page(request, [reading.as_json(one) for one in found], following)

        return await door.read(request, scope, ask)

    async def told(request: Request, ref: RefPath) -> Response:
        async def ask(tx: AsyncSession, who: Caller) -> Response:
            answer = writing.of_record(await reading.one(tx, Ref.parse(ref, noun), who))
            wanted = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
            if wanted & {answer.headers["etag"], "*"}:
                return Response(status_code=304, headers={"ETag": answer.headers["etag"]})
            return answer

        return await door.read(request, scope, ask)

    async def history(request: Request, ref: RefPath) -> Response:
        async def ask(tx: AsyncSession, who: Caller) -> Response:
            facts = await reading.history(tx, Ref.parse(ref, noun), who)
            return JSONResponse({"items": [reading.fact_as_json(one) for one in facts]})

        return await door.read(request, scope, ask)

    word = collection.replace("-", " ")
    door.get(f"/{collection}", listed, f"List {word}, the newest first", pages())
    door.get(f"/{collection}/{{ref}}", told, f"One of the {word}", records())
    door.get(f"/{collection}/{{ref}}/timeline", history, "What happened to it", pages())


def declare_notes(door: Door, collection: str, noun: Noun) -> None:
    scope = f"{collection}:write"

    async def note(request: Request, ref: RefPath, body: Note) -> Response:
        about = Ref.parse(ref, noun)

        async def effect(tx: AsyncSession, who: Caller) -> Record:
            await comments.note(tx, about, body.text, by=who.person, now=door.now())
            return await reading.one(tx, about, who)

        return await door.write(request, scope, effect, about, 201)

    door.post(f"/{collection}/{{ref}}/notes", note, "Note something on it", 201)


def _page(request: Request, items: list[dict[str, Any]], cursor: str | None) -> Response:
    headers = {}
    if cursor:
        following = request.url.include_query_params(cursor=cursor)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return JSONResponse({"items": items, "next": cursor}, headers=headers)
