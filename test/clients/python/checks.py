"""Runs the checks of one folder, each a client at its work, and says what came of each: a JSON object a line (see ./checks.ts)."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import sys
import traceback
from collections.abc import Awaitable, Callable

out = sys.stdout
# A library that prints must not speak in between.
sys.stdout = sys.stderr
logging.disable(logging.CRITICAL)

check_seconds = 30

Check = Callable[[str, str], Awaitable[None]]


async def run(check: Check, base: str, key: str) -> None:
    problem = None
    try:
        await asyncio.wait_for(check(base, key), check_seconds)
    except Exception:
        problem = traceback.format_exc()[-3000:]
    out.write(json.dumps({"name": check.__doc__, "problem": problem}) + "\n")
    out.flush()


async def main(folder: str, base: str, key: str) -> None:
    for check in importlib.import_module(folder).checks:
        await run(check, base, key)


asyncio.run(main(*sys.argv[1:]))
