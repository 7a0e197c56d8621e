"""Runs a vendor's suite with our key, and keeps what came of each test (see ../suites.client.ts)."""

from __future__ import annotations

import json
import os
import sys

import pytest

results: dict[str, str | None] = {}

no_server = {"respx_mock", "respx2_mock"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out tests that answer themselves: they ask no server."""
    items[:] = [item for item in items if no_server.isdisjoint(getattr(item, "fixturenames", ()))]


def pytest_collection_finish() -> None:
    """The suites' own keys are fixed words in their `conftest.py`, read when a client is made."""
    conftest = sys.modules["tests.conftest"]
    for name in ("api_key", "admin_api_key"):
        if hasattr(conftest, name):
            setattr(conftest, name, os.environ["SUITE_KEY"])


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped:
        return
    if report.failed:
        crash = getattr(report.longrepr, "reprcrash", None)
        results[report.nodeid] = (crash.message if crash else str(report.longrepr))[:1000] or report.when
    elif report.when == "call":
        results.setdefault(report.nodeid, None)


def pytest_sessionfinish() -> None:
    with open(os.environ["SUITE_RESULTS"], "w", encoding="utf-8") as file:
        json.dump(results, file)
