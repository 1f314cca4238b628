"""The address ``POST /vroom``."""

import base64
import binascii
import json
import time
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.auth.actor import sign_in_needed
from api.auth.roles import Right
from api.auth.sessions import actor_of_token
from api.deps import service_of
from api.service import Service
from api.vroom.answer import answer
from api.vroom.problem import BadProblem, build
from api.vroom.request import VroomRequest
from api.vroom.solver import solve
from api.vroom.steps import given
from api.vroom.timing import time_route
from routing.errors import InvalidInput, TravelError

router = APIRouter(tags=["vroom"])

INPUT, ROUTING = 2, 3
STATUS = {INPUT: 400, ROUTING: 500}


async def _may_use(request: Request) -> None:
    """VROOM's clients send no token unless it is in the address (``http://any:TOKEN@host/vroom``).

    Clients of openrouteservice send their key as it is, without a word before it.
    """
    service = service_of(request)
    if service.settings.vroom_open:
        return
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    token = value.strip() or kind
    if kind.lower() == "basic":
        try:
            token = base64.b64decode(token, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            token = ""
    actor = await run_in_threadpool(actor_of_token, service, token) if token else None
    if actor is None:
        raise sign_in_needed()
    actor.need(Right.READ)


@router.post("/vroom/optimization", dependencies=[Depends(_may_use)], include_in_schema=False)  # for openrouteservice
@router.post(
    "/vroom",
    dependencies=[Depends(_may_use)],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/VroomRequest"}}},
        },
        "security": [{"HTTPBearer": []}],
    },
    responses={
        200: {"description": "The routes, as VROOM documents them (code 0)."},
        400: {"description": "VROOM's code 2: the request cannot be used.", "content": {"application/json": {}}},
        500: {"description": "VROOM's code 1 or 3.", "content": {"application/json": {}}},
    },
)
async def vroom(request: Request) -> JSONResponse:
    """Solve a problem in the format of VROOM; see its API documentation."""
    body = await request.body()
    code, content = await run_in_threadpool(_answer, service_of(request), body)
    return JSONResponse(content, 200 if code == 0 else STATUS[code])


def _answer(service: Service, body: bytes) -> tuple[int, dict[str, Any]]:
    started = time.perf_counter()
    try:
        wanted = VroomRequest.model_validate(json.loads(body))
        problem = build(wanted, service.travel(), most_tasks=service.settings.vroom_most_tasks)
        loaded = time.perf_counter()
        if wanted.options.c:
            sequences = given(problem)
        else:
            with service.turns:
                sequences = solve(problem, seconds=service.settings.vroom_seconds)
        routes = [time_route(problem, v, sequence) for v, sequence in enumerate(sequences) if sequence]
        solved = time.perf_counter()
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        return _failed(INPUT, f"Invalid {'.'.join(str(part) for part in fault['loc']) or 'input'}: {fault['msg']}.")
    except (ValueError, RecursionError) as error:
        return _failed(INPUT, f"The request is not valid JSON ({error}).")
    except (BadProblem, InvalidInput) as error:
        return _failed(INPUT, str(error))
    except TravelError as error:
        return _failed(ROUTING, str(error))
    return 0, answer(
        problem, routes, loading_ms=round(1000 * (loaded - started)), solving_ms=round(1000 * (solved - loaded))
    )


def _failed(code: int, error: str) -> tuple[int, dict[str, Any]]:
    return code, {"code": code, "error": error}
