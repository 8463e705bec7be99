"""How the API answers what it refuses and what goes wrong."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.rules.record.refusals import Refusal
from bot.web.api import problems
from bot.web.api.problems import Fault, Problem

log = logging.getLogger(__name__)


def answered(app: FastAPI) -> None:
    """Every fault of this application is answered as a problem (RFC 9457)."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def known_parameters(request: Request) -> None:
    """A parameter that is misspelled would list more than was asked for. Raises RequestValidationError."""
    known = sorted(one.alias for one in request.scope["route"].dependant.query_params)
    there = f"there are {', '.join(known)}" if known else "there are none"
    if stray := [name for name in request.query_params if name not in known]:
        raise RequestValidationError(
            [{"loc": ("query", name), "msg": f"Is no parameter here; {there}."} for name in dict.fromkeys(stray)]
        )


async def _refused(request: Request, refusal: Exception) -> Response:
    return _with_limits(request, problems.of_refusal(refusal))  # type: ignore[arg-type]


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101 - registered for it alone
    return _with_limits(request, problems.answer(problem.status, problem.detail, headers=problem.headers))


async def _invalid(_request: Request, invalid: Exception) -> Response:
    assert isinstance(invalid, RequestValidationError)  # noqa: S101
    errors = [
        Fault(pointer="#/" + "/".join(str(part) for part in one["loc"][1:]), detail=str(one["msg"]))
        for one in invalid.errors()
    ]
    return problems.answer(422, "Some of the request cannot be read: errors says what.", errors)


async def _http(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101
    return problems.answer(fault.status_code, str(fault.detail), headers=fault.headers)


async def _unexpected(request: Request, fault: Exception) -> Response:
    told = problems.code()
    log.error("%s: %s %s failed", told, request.method, request.url.path, exc_info=fault)
    detail = "Something went wrong, and nothing was saved. Try again; if it stays, give the code to whoever runs it."
    return problems.answer(500, detail, instance=told)


def _with_limits(request: Request, answer: Response) -> Response:
    answer.headers.update(getattr(request.state, "limits", {}))
    return answer
