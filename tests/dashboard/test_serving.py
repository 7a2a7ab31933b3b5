"""How the dashboard reads: the published file alone, and the newest of it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dashboard.serving import NothingPublishedError, current_stamp, select
from dashboard.serving import _attached as attached
from pipelines.config import Settings
from tests.dashboard.conftest import Open, messages, metrics
from tests.dashboard.serving_files import small_book, write_serving


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(tmp_path / "it's home"))
    return write_serving(tmp_path / "it's home", small_book())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home that nobody publishes to again."""
    return write_serving(tmp_path_factory.mktemp("published"), {})


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{secret}')",
        "copy (select 1) to '{out}'",
        "attach '{out}'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set autoinstall_known_extensions = true",
        "create table serving.marts.mine as select 1 as a",
        "delete from serving.marts.accounts",
    ],
)
def test_dashboard_can_only_read_the_published_file(published: Settings, tmp_path: Path, statement: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with attached(str(published.serving), (0, 0, 0)).cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement.format(secret=secret, out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_publish_is_seen_by_itself(home: Settings) -> None:
    before = select("book_matrix", owners=(), plans=(), segments=())
    held = attached(str(home.serving), current_stamp()).cursor()
    rows = {**small_book()}
    rows["marts.account_health"] = [{**row, "health_band": "churned"} for row in rows["marts.account_health"]]
    write_serving(home.home, rows)
    after = select("book_matrix", owners=(), plans=(), segments=())
    assert set(before["health_band"]) == {"at_risk", "healthy", "watch"}
    assert set(after["health_band"]) == {"churned"}
    # Whoever reads goes on reading what it had.
    assert held.execute(
        "select count(*) from serving.marts.account_health where health_band = 'churned'"
    ).fetchall() == [(0,)]


def test_an_open_page_shows_the_new_night(home: Settings, open_page: Open) -> None:
    app = open_page(home.home)
    assert metrics(app)["At risk"] == "1"
    rows = {**small_book()}
    rows["marts.account_health_daily"] = [
        {**row, "health_band": "at_risk"} for row in rows["marts.account_health_daily"]
    ]
    write_serving(home.home, rows)
    assert metrics(app.run())["At risk"] == "3"


def test_answers_are_kept_until_the_next_publish(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = select("publish")
    monkeypatch.setattr("dashboard.serving._attached", lambda path, stamp: pytest.fail("asked again"))
    assert select("publish").equals(first)


def test_nothing_published_and_what_is_no_database(tmp_path: Path, open_page: Open) -> None:
    (told,) = messages(open_page(tmp_path))
    assert "Nothing is published" in told
    (tmp_path / "serving.duckdb").write_text("this is no database" * 100)
    (told,) = messages(open_page(tmp_path))
    assert "cannot be opened" in told


def test_without_a_file_a_query_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(tmp_path))
    with pytest.raises(NothingPublishedError, match="account-health nightly"):
        select("publish")


def test_a_file_of_an_older_version_is_named_as_such(home: Settings, open_page: Open) -> None:
    with duckdb.connect() as connection:
        home.serving.chmod(0o644)
        connection.execute(f"attach '{str(home.serving).replace(chr(39), chr(39) * 2)}' as old")
        connection.execute("alter table old.marts.account_health drop column segment")
    (told,) = [message for message in messages(open_page(home.home)) if "another version" in message]
    assert "publish anew" in told
