"""The dashboard as people see it: its own process on a port of this machine, and a browser without any network."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, sync_playwright

from pipelines.config import PROJECT_ROOT, Settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_START_SECONDS = 60
# Half a second without a running script, in which every chart is drawn.
_IS_STILL = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')];
    const still = app?.dataset.testScriptState === 'notRunning'
        && charts.every(chart => chart.querySelector('canvas, svg.marks'));
    window.stillSince = still ? window.stillSince ?? Date.now() : null;
    return window.stillSince !== null && Date.now() - window.stillSince > 500;
}"""
_NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def browser() -> str:
    """The machine's Chromium. Without one the tests that need it are skipped, but never in CI."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"there is no browser here, none of {', '.join(BROWSERS)}: apt-get install chromium")
    assert found, "CI needs a browser: .ci/run installs chromium"
    return found


@contextlib.contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The dashboard of a home; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", f"--server.port={port}"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "ACCOUNT_HEALTH_HOME": str(settings.home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await_health(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await_health(port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
            return
        time.sleep(0.2)
    pytest.fail(f"the dashboard did not start within {_START_SECONDS} seconds")


class Visitor:
    """Somebody with a browser; remembers what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.set_default_timeout(30_000)
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", self.address.replace("http", "ws"))):
            self.outside.append(request.url)

    def open(self, path: str, width: int = 1280) -> None:
        """Opens a page and waits until it stands still."""
        self.page.set_viewport_size({"width": width, "height": 960})
        self.page.goto(f"{self.address}/{path}")
        self.settle()

    def settle(self) -> None:
        """Waits until the script has run and each chart is drawn."""
        self.page.wait_for_selector("h1")
        self.page.wait_for_function(_IS_STILL, polling=100)

    def metrics(self) -> dict[str, str]:
        """Label -> value of the numbers on top."""
        return {
            each.locator('[data-testid="stMetricLabel"]').inner_text().strip(): each.locator(
                '[data-testid="stMetricValue"]'
            )
            .inner_text()
            .strip()
            for each in self.page.locator('[data-testid="stMetric"]').all()
        }

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def problems(self) -> list[str]:
        """What the page itself reports as wrong. Streamlit looks for its server below each address first: 404."""
        shown = self.page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]').all_inner_texts()
        return shown + [error for error in self.errors if "404" not in error]

    def picture(self, path: Path, height: int) -> None:
        """Keeps a picture of the page's top, in few colours: small enough for a repository. Rare ones count as well."""
        self.page.set_viewport_size({"width": 1280, "height": height})
        self.settle()
        self.page.wait_for_timeout(800)
        image = Image.open(BytesIO(self.page.screenshot())).convert("RGB")
        path.parent.mkdir(parents=True, exist_ok=True)
        image.quantize(200, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)


@contextlib.contextmanager
def visiting(address: str) -> Iterator[Visitor]:
    """A browser at that address, without any network."""
    executable = browser()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-dev-shm-usage", _NO_NETWORK]
        )
        try:
            yield Visitor(chromium.new_page(), address)
        finally:
            chromium.close()
