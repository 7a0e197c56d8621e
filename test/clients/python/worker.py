"""Runs the clients of one folder for the tests: a JSON object a line, requests in, pieces and answers out (see ./worker.ts)."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import sys
from dataclasses import asdict
from typing import Any

from kit import Ask, Client, Json, Tool, shape_of

out = sys.stdout
# A library that prints must not speak in between.
sys.stdout = sys.stderr
logging.disable(logging.CRITICAL)

lines_bytes = 16 * 1024 * 1024


def send(message: Json) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


class Job:
    """One request of the tests, until it is answered."""

    def __init__(self, client: Client, order: Json) -> None:
        self.client = client
        self.order = order
        self.result: asyncio.Future[str] | None = None
        self.task = asyncio.create_task(self.run())

    def say(self, **message: Any) -> None:
        send({"id": self.order["id"], **message})

    async def run_tool(self, name: str, args: Json) -> str:
        self.result = asyncio.get_running_loop().create_future()
        self.say(run={"name": name, "args": args})
        return await self.result

    async def work(self) -> Json:
        given = self.order["ask"]
        ask = Ask(
            model=given["model"],
            prompt=given["prompt"],
            stream=given["stream"],
            system=given.get("system"),
            think=given.get("think", False),
            on_text=lambda text: self.say(text=text),
        )
        if self.order["do"] == "structured":
            return {"value": (await self.client.structured(ask, shape_of(self.order["schema"]))).model_dump()}
        if self.order["do"] == "ask":
            return {"said": asdict(await self.client.ask(ask))}

        def tool(name: str, description: str, schema: Json) -> Tool:
            return Tool(name, description, schema, lambda args: self.run_tool(name, args))

        return {"said": asdict(await self.client.converse(ask, [tool(**each) for each in self.order["tools"]]))}

    async def leave(self) -> None:
        # LangChain loses a cancellation that meets it in one of its callbacks.
        while not self.task.done():
            self.task.cancel()
            await asyncio.sleep(0.02)

    async def run(self) -> None:
        try:
            self.say(**await self.work())
        except asyncio.CancelledError:
            self.say(problem={"kind": "CancelledError", "message": "left"})
        except Exception as error:
            found = {name: value for name, value in self.client.problem(error).items() if value is not None}
            self.say(problem={"kind": type(error).__name__, **found})


def about(client: type[Client]) -> Json:
    found = {
        "name": client.name,
        "wire": client.wire,
        "showsThinking": client.shows_thinking,
        "keepsThoughts": client.keeps_thoughts,
        "converses": client.converses,
        "miscounts": client.miscounts,
        "cannotLeave": client.cannot_leave,
        "hidesRequestId": client.hides_request_id,
        "kinds": client.kinds,
    }
    return {name: value for name, value in found.items() if value is not None}


async def main(folder: str) -> None:
    kinds = {kind.name: kind for kind in importlib.import_module(folder).clients}
    send({"clients": [about(kind) for kind in kinds.values()]})
    made: dict[tuple[str, str, str], Client] = {}
    jobs: dict[int, Job] = {}
    leaves: set[asyncio.Task[None]] = set()
    reader = asyncio.StreamReader(limit=lines_bytes)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        number = order["id"]
        if "client" in order:
            which = (order["client"], order["base"], order["key"])
            if which not in made:
                made[which] = kinds[which[0]](which[1], which[2])
            jobs[number] = Job(made[which], order)
            jobs[number].task.add_done_callback(lambda _, number=number: jobs.pop(number))
        elif number in jobs and order.get("leave"):
            leaving = asyncio.create_task(jobs[number].leave())
            leaves.add(leaving)
            leaving.add_done_callback(leaves.discard)
        elif number in jobs and (result := jobs[number].result) is not None:
            result.set_result(order["result"])


asyncio.run(main(sys.argv[1]))
