"""The dashboard in a real browser without any network: what its charts were answered, and a picture."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from playwright.sync_api import Page, Response, sync_playwright

from bi.superset.rest import Rows
from bi.superset.server import Superset, SupersetError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_COLOURS = 128
# So high that every chart is in sight: Superset draws no others.
_WINDOW = {"width": 1400, "height": 2700}
# Where the last chart ends.
_END = """() => Math.max(...[...document.querySelectorAll('.dashboard-component-chart-holder')]
    .map(each => each.getBoundingClientRect().bottom))"""
_PATIENCE_MS = 120_000


def look(superset: Superset, slug: str, charts_count: int, picture: Path | None = None) -> dict[int, Rows]:
    """Opens a dashboard; chart number -> rows that its browser was answered.

    Raises:
        SupersetError: there is no browser, or fewer charts than there should be were answered and drawn.
    """
    executable = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if executable is None:
        raise SupersetError("there is no browser here: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-dev-shm-usage", _NO_NETWORK]
        )
        try:
            page = chromium.new_page(viewport=_WINDOW)  # type: ignore[arg-type]
            page.set_default_timeout(_PATIENCE_MS)
            # What it reports of clicks races with the login: its answer's cookie may forget who has just logged in.
            page.route("**/superset/log/**", lambda route: route.abort())
            _log_in(page, superset)
            return _read(page, f"{superset.address}/superset/dashboard/{slug}/?standalone=1", charts_count, picture)
        finally:
            chromium.close()


def _log_in(page: Page, superset: Superset) -> None:
    page.goto(f"{superset.address}/login/")
    page.fill('input[type="text"]', superset.user)
    page.fill('input[type="password"]', superset.password)
    page.click('button[type="submit"]')
    page.wait_for_url(lambda url: "/login" not in url)


def _read(page: Page, address: str, charts_count: int, picture: Path | None) -> dict[int, Rows]:
    responses: list[Response] = []
    page.on("response", lambda each: responses.append(each) if "/api/v1/chart/data" in each.url else None)
    page.goto(address)
    page.wait_for_function(
        """count => document.querySelectorAll('.slice_container').length === count
            && !document.querySelector('.loading, .dashboard-component-tabs .ant-skeleton')""",
        arg=charts_count,
    )
    page.wait_for_timeout(3000)  # until what came last is drawn
    problems = page.locator('[data-test="error-alert"], .ant-alert-error').all_inner_texts()
    if problems:
        raise SupersetError(f"the dashboard shows errors: {problems}")
    if picture:
        end = page.evaluate(_END)
        _keep(page.screenshot(clip={"x": 0, "y": 0, "width": _WINDOW["width"], "height": end + 16}), picture)
    asked = [(_chart(each.url), each) for each in responses]
    return {chart: _rows(each.json()) for chart, each in asked if chart is not None}


def _chart(url: str) -> int | None:
    """The chart that asks; none for the values that a filter offers."""
    told = parse_qs(urlsplit(url).query).get("form_data", ["{}"])[0]
    number: int | None = json.loads(told).get("slice_id")
    return number


def _rows(answer: dict[str, Any]) -> Rows:
    rows: Rows = answer["result"][0]["data"]
    return rows


def _keep(screenshot: bytes, path: Path) -> None:
    """In few colours: small enough for a repository."""
    image = Image.open(BytesIO(screenshot)).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
