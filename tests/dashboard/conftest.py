"""The dashboard on a serving file of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipelines.config import PROJECT_ROOT

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page: `open_page(home, "account", account_id="a1")`; what goes wrong in it fails the test."""

    def opened(home: Path, page: str = "book", **query: str) -> AppTest:
        monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(home))
        app = AppTest.from_file(str(PROJECT_ROOT / "dashboard" / "app.py"), default_timeout=20)
        app.query_params.update(query)
        app.run()
        if page != "book":
            app.switch_page(f"views/{page}.py")
            app.query_params.update(query)
            app.run()
        assert not app.exception, [each.message for each in app.exception]
        return app

    return opened


def metrics(app: AppTest) -> Mapping[str, str]:
    """Label -> value of the numbers on top of a page."""
    return {each.label.replace("\\", ""): each.value for each in app.metric}


def html(app: AppTest) -> str:
    """All tables of a page."""
    return "\n".join(str(each.proto.body) for each in app.get("html"))


def messages(app: AppTest) -> list[str]:
    """What stands where there is nothing to show, and warnings, without the marks that Markdown needs."""
    return [each.value.replace("\\", "") for each in (*app.info, *app.warning, *app.success, *app.error)]
