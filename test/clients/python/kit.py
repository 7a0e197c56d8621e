"""What every Python client of the tests has: the same small interface as the clients in TypeScript (../clients/client.ts)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, create_model

Json = dict[str, Any]


@dataclass
class Tool:
    name: str
    description: str
    schema: Json
    """Runs it, in the test's own process."""
    run: Callable[[Json], Awaitable[str]]


@dataclass
class Ask:
    model: str
    prompt: str
    stream: bool
    system: str | None
    think: bool
    """Told each piece of text as it comes."""
    on_text: Callable[[str], None]


@dataclass
class Said:
    text: str
    input: int | None
    output: int | None
    thinking: str = ""
    calls: list[Json] = field(default_factory=list)


def openai_problem(error: Exception) -> Json:
    """A failure as `openai`, and what is made like it, tell of it."""
    found = {"status": getattr(error, "status_code", None), "requestId": getattr(error, "request_id", None), "message": str(error)}
    body = getattr(error, "body", None)
    found["type"] = body.get("type") if isinstance(body, dict) else None
    return found


class Client:
    name: str
    """The format it speaks."""
    wire: str
    shows_thinking = False
    keeps_thoughts = False
    """Has a part in tools."""
    converses = True
    """Why its counts of a stream are not the provider's."""
    miscounts: str | None = None
    """Why it cannot be told to leave a call."""
    cannot_leave: str | None = None
    """Why it does not show the provider's id of a request."""
    hides_request_id: str | None = None
    """The class of its errors by status, `*` for all others; empty: a class each, with OpenAI's names."""
    kinds: dict[str, str] = {}

    def __init__(self, base: str, key: str) -> None:
        raise NotImplementedError

    async def ask(self, ask: Ask) -> Said:
        raise NotImplementedError

    async def converse(self, ask: Ask, tools: list[Tool]) -> Said:
        """Runs the tools that the model calls, until it calls no more."""
        raise NotImplementedError

    async def structured(self, ask: Ask, shape: type[BaseModel]) -> BaseModel:
        raise NotImplementedError

    def problem(self, error: Exception) -> Json:
        return openai_problem(error)


def shape_of(schema: Json) -> type[BaseModel]:
    """The model of a simple JSON schema, as a program would have written it."""
    kinds = {"string": str, "number": float}
    types = {
        name: list[kinds[each["items"]["type"]]] if each["type"] == "array" else kinds[each["type"]]
        for name, each in schema["properties"].items()
    }
    return create_model("Answer", **{name: (kind, ...) for name, kind in types.items()})


async def run_tool(tools: list[Tool], name: str, args: Json | str, said: list[Json]) -> str:
    """Runs the tool of that name, and notes the call."""
    parsed = json.loads(args) if isinstance(args, str) else args
    said.append({"name": name, "args": parsed})
    return await next(tool for tool in tools if tool.name == name).run(parsed)
