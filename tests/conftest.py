"""Fixtures that several test files share.

A test that cannot run is skipped, visibly, on a user's machine; where ``CI`` is set it fails, so that nothing is left
untested there unnoticed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]

# The same examples in every run, and no example fails for being slow on a busy machine.
settings.register_profile("kit", deadline=None, derandomize=True)
settings.load_profile("kit")

#: Names under which a system's Chromium is found. The variable ``CHROMIUM`` goes before them.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: No sandbox, because CI runs as root; the rest keeps a browser from asking for anything that a page did not ask for.
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def cannot_run(reason: str) -> NoReturn:
    """Skip the test that asks; fail it in CI."""
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(f"CI must run this test: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium (or Chrome)."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        wanted = f"CHROMIUM names {named}, which is not a program" if named else f"none of {', '.join(BROWSERS)} found"
        cannot_run(f"{wanted}; install Chromium, or set CHROMIUM to its path")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Return a headless Chromium under Playwright; open ``browser.new_context()`` in it and close that again.

    One for each file, not for the session: while Playwright's sync API runs, so does its event loop, and
    ``asyncio.run`` in the same process fails. Between files it is off: no test depends on which one ran before it.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        cannot_run("playwright is not installed; install the test extra: pip install -e '.[test]'")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real exports: ``ASSESSMENT_KIT_SHARED``, or ``shared/data`` beside the checkout."""
    named = os.environ.get("ASSESSMENT_KIT_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        cannot_run(f"the real exports are not here: {folder} is not a folder (ASSESSMENT_KIT_SHARED can name another)")
    return folder


@pytest.fixture(scope="session")
def made_up_incidents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of 12,000 incidents, as the benchmark of imports makes it."""
    place = Path(__file__).parents[1] / "benchmarks" / "_incident_file.py"
    spec = importlib.util.spec_from_file_location("incident_file", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path: Path = module.write_incidents(tmp_path_factory.mktemp("made") / "incidents.csv", 12_000, seed=3)
    return path
