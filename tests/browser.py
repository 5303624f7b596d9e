"""A real Chromium, the product served to it, and what is looked for on every page."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

from nrm_tracker.local.chromium import find

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {"wide": 1280, "narrow": 375}
SHOTS = os.environ.get("NRM_SCREENSHOTS")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def served(settings: Any, folder: Path) -> Iterator[str]:
    """The address of the product, served by threads of this process."""
    settings.STATIC_ROOT = str(folder)  # nothing is collected here; the handler finds the files
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


def faults_of(page: Page) -> list[str]:
    """What axe finds on the page, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {
        "runOnly": {"type": "tag", "values": LEVELS},
        "resultTypes": ["violations"],
        "preload": False,  # of style sheets, for rules that we do not ask
    }
    violations = page.evaluate("options => axe.run(options).then(r => r.violations)", options)
    return [f"{v['id']}: {node['html'][:160]}" for v in violations for node in v["nodes"]]


def shoot(page: Page, name: str) -> None:
    """A picture of the whole page, when NRM_SCREENSHOTS names a folder."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
