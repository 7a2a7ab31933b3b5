"""The briefing: its numbers are those of the marts and of the dashboard, and it can be sent as it is."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from dashboard.charts import BAND_COLOURS as DASHBOARD_COLOURS
from pipelines import run_page, steps
from pipelines.briefing import asking, writing
from pipelines.briefing.page import BAND_COLOURS, Page, Table
from pipelines.briefing.pages import lay_out
from pipelines.config import Settings
from pipelines.lock import hold_lock
from pipelines.recorded import recorded
from pipelines.runlog import read_runs
from pipelines.steps import briefing_step
from pipelines.words import money
from tests.briefing.books import full_book
from tests.dashboard.serving_files import DAY, RUN, small_book, write_serving

MOST_BYTES, GMAIL_CUTS_AT = 2_000_000, 102_400


def page_of(settings: Settings) -> Page:
    return lay_out(settings.serving, settings.briefings_dir)[0]


def table(page: Page, title: str) -> Table:
    [found] = [each for each in page.tables if each.title == title]
    return found


def texts(rows: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row.cells) for row in rows.rows]


def assert_self_contained(html: str) -> None:
    assert not re.search(r"<script|<img|<link|<iframe|\bsrc\s*=|url\(|@import|https?:|\bon\w+\s*=", html, re.IGNORECASE)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return write_serving(tmp_path_factory.mktemp("book"), full_book())


def test_headline_is_the_dashboards(book: Settings) -> None:
    page = page_of(book)
    with asking.asking(book.serving) as reader:
        now, week = reader.ask("book_totals")
    values = {tile.label: tile.value for tile in page.tiles}
    assert values == {
        "Customers": str(now["accounts_count"]),
        "Revenue a month": money(now["revenue_usd"]),
        "Revenue at risk, a month": money(now["at_risk_revenue_usd"]),
        "Accounts at risk": str(now["at_risk_accounts_count"]),
        "Accounts without a score": str(now["unknown_accounts_count"]),
    }
    assert values["Revenue a month"] == "$1,290"
    assert page.tiles[2].changes == (("+$1,000 overnight", "bad"), ("+$1,000 in 7 days", "bad"))
    assert week["at_risk_revenue_usd"] == 0
    assert texts(table(page, "Revenue by health"))[:2] == [
        ("At risk", "1", "$1,000", "77.5%", "+$1,000", "+$1,000"),
        ("Watch", "1", "$40", "3.1%", "-$1,000", "-$1,000"),
    ]


def test_who_moved_is_said_with_reason_owner_and_revenue(book: Settings) -> None:
    page = page_of(book)
    moved = table(page, "Changed band or segment within 7 days")
    assert texts(moved) == [("Acme", "Watch → At risk", "Contract", "$1,000", "level moved")]
    assert moved.rows[0].cells[0].note == "Kim"
    assert moved.caption == "1 of 1 accounts, by revenue, 2026-03-31 against 2026-03-24"
    [fall] = table(page, "Biggest falls of the score").rows
    assert [cell.text for cell in fall.cells] == ["Acme", "-22.5", "$1,000", "level moved"]
    assert fall.cells[3].note == "of which -0.5 by our formula"
    assert table(page, "Biggest rises of the score").empty == "No score rose in 7 days."


def test_signals_of_the_week_are_listed_and_those_of_the_night_marked(book: Settings) -> None:
    signals = table(page_of(book), "New signals of usage within 7 days")
    assert [(row.cells[2].text, row.is_new) for row in signals.rows] == [("2026-03-31", True), ("2026-03-25", False)]


def test_renewals_are_counted_by_window(book: Settings) -> None:
    page = page_of(book)
    assert texts(table(page, "Renewals that come up")) == [
        ("Within 30 days", "1", "$1,000", "1", "$1,000", "100.0%"),
        ("Within 60 days", "3", "$1,230", "2", "$1,200", "97.6%"),
        ("Within 90 days", "4", "$1,234", "2", "$1,200", "97.2%"),
        ("Term over, still undecided", "1", "$50", "0", "$0", "0.0%"),
    ]
    assert [row[0] + ": " + row[4] for row in texts(table(page, "Renewals at risk within 90 days"))] == [
        "Acme: Consumption halved",
        "<b>Bolt</b> $1 & $2: CRM: Prospecting, 10%",
    ]


def test_lists_without_history_tell_new_ones_by_the_night_before(tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = write_serving(home, full_book(commits=("old",)))
    first = table(page_of(settings), "Commits that run out before their term")
    assert "The first briefing" in first.caption
    assert [row.is_new for row in first.rows] == [False]
    writing.write(settings)
    later = DAY + timedelta(days=1)
    write_serving(home, full_book(later, commits=("old", "new", "other"), subjects=()), later)
    for _ in range(2):  # a night that runs twice says the same
        page = page_of(settings)
        commits = table(page, "Commits that run out before their term")
        assert commits.caption == "2 of 2 that are new since 2026-03-31, of 3 commits, by overage; last night's first"
        assert [(row.cells[4].text, row.is_new) for row in commits.rows] == [("$30", True), ("$20", True)]
        assert table(page, "Opportunities to expand").empty == "No new opportunity."
        assert table(page, "Where the score and another view disagree").empty == "No new disagreement."
        writing.write(settings)
    after = later + timedelta(days=1)
    write_serving(home, full_book(after, commits=("new", "old", "newest")), after)
    commits = table(page_of(settings), "Commits that run out before their term")
    assert [(row.cells[4].text, row.is_new) for row in commits.rows] == [("$30", True), ("$10", False)]
    (settings.briefings_dir / f"{later}.json").write_text("{ torn")
    again = table(page_of(settings), "Commits that run out before their term")
    assert "since 2026-03-31" in again.caption


def test_names_are_text_and_nothing_comes_from_elsewhere(book: Settings) -> None:
    html = writing.render(page_of(book))
    assert "&lt;b&gt;Bolt&lt;/b&gt; $1 &amp; $2" in html
    assert "<b>" not in html
    assert_self_contained(html)


def test_long_and_unreadable_names_are_cut(tmp_path: Path) -> None:
    rows = {mart: [dict(row) for row in given] for mart, given in small_book().items()}
    for row in rows["marts.account_health"]:
        row["account_name"] = "\u202etpircs\n" + "#eval(x) *long* " * 200
    page = page_of(write_serving(tmp_path / "home", rows))
    shown = table(page, "Biggest falls of the score").rows[0].cells[0].text
    assert shown.startswith("tpircs #eval(x)")
    assert len(shown) == 160
    written = writing.write(Settings.for_home(tmp_path / "home"))
    assert written.problem == ""


def test_an_empty_book_says_so(tmp_path: Path) -> None:
    settings = write_serving(tmp_path / "home", {})
    written = writing.write(settings)
    html = written.page.read_text()
    assert written.problem == ""
    for said in (
        "No system has delivered anything for this day.",
        "No customer is in the book.",
        "No account changed its health band or segment overnight.",
        "No score fell in 7 days.",
        "No new signal of usage within 7 days.",
        "No renewal within 90 days is at risk.",
        "No new opportunity.",
    ):
        assert said in html


def test_trust_and_held_systems_are_said_on_top(book: Settings, tmp_path: Path) -> None:
    [provisional] = page_of(book).notices  # one account of the small book is held
    assert provisional.tone == "bad"
    assert provisional.text.startswith("1 account with a provisional score")
    sound = {**full_book(), "marts.account_health": [dict(row) for row in full_book()["marts.account_health"][:2]]}
    [trusted] = page_of(write_serving(tmp_path / "sound", sound)).notices
    assert (trusted.tone, trusted.text) == ("ok", "All data is trusted: Billing, Product. No score is held back.")
    held = page_of(write_serving(tmp_path / "home", full_book(is_held=True)))
    assert held.notices[0].text == (
        "Product holds scores back: nothing of about 900 events; scores rest on 2026-03-30."
    )
    assert [notice.tone for notice in held.notices] == ["bad", "bad"]


def test_files_are_whole_and_old_ones_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_KEPT_DAYS", 2)
    home = tmp_path / "home"
    for number in range(3):
        day = DAY + timedelta(days=number)
        written = writing.write(write_serving(home, full_book(day), day))
    folder = home / "briefings"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [f"2026-04-0{day}.{kind}" for day in (1, 2) for kind in ("html", "json", "png")] + ["latest.html", "latest.png"]
    )
    assert written.picture is not None
    assert written.picture.read_bytes() == (folder / "latest.png").read_bytes()
    assert written.picture.read_bytes().startswith(b"\x89PNG")
    assert all(path.stat().st_size < MOST_BYTES for path in folder.iterdir())
    assert (folder / "latest.html").read_text() == written.page.read_text()


def test_without_a_picture_the_page_is_written_and_no_old_picture_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = write_serving(tmp_path / "home", full_book())
    writing.write(settings)

    def fail(page: str, target: Path) -> None:
        raise OSError("no typesetter")

    monkeypatch.setattr(writing, "draw", fail)
    written = writing.write(settings)
    assert (written.picture, written.problem) == (None, "no picture: OSError")
    assert written.page.exists()
    assert list(settings.briefings_dir.glob("*.png")) == []


def test_a_briefing_that_fails_spares_the_publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = write_serving(tmp_path / "home", full_book())

    def fail(settings: Settings) -> writing.Briefing:
        raise RuntimeError("Conversion Error: Could not convert string 'ann@example.com' to DATE")

    monkeypatch.setattr(steps, "write_briefing", fail)
    with hold_lock(settings.lock, "test"), recorded(settings, "publish") as recorder:
        assert briefing_step(settings, recorder) is None
    [run] = read_runs(settings, 1)
    assert (run.status, run.exit_code, run.steps[0].status) == ("ok", 0, "warned")
    assert run.steps[0].summary == "no briefing: RuntimeError: Conversion Error: Could not convert string '...' to DATE"


def test_briefing_and_run_page_lead_to_each_other(tmp_path: Path) -> None:
    settings = write_serving(tmp_path / "home", full_book())
    with hold_lock(settings.lock, "test"), recorded(settings, "publish") as recorder:
        recorder.run.as_of_date = str(DAY)
        written = briefing_step(settings, recorder)
    assert written is not None
    for page in (run_page.newest(settings), settings.runs_dir / recorder.run.run_id / run_page.PAGE):
        [way] = re.findall(r'href="([^"]*briefings[^"]*)"', page.read_text())
        assert (page.parent / way).resolve() == written.resolve()
    assert f'href="../runs/{RUN}/report.html"' in written.read_text()


def test_bands_have_the_colours_of_the_dashboard() -> None:
    same = {band: colour for band, colour in DASHBOARD_COLOURS.items() if band != "unknown"}
    assert BAND_COLOURS | same == BAND_COLOURS  # white, for unknown, would not be seen in a bar


@pytest.mark.slow
def test_briefing_of_a_company_equals_the_marts(company: Settings) -> None:
    page = page_of(company)
    html = writing.render(page)
    assert_self_contained(html)
    assert len(html.encode()) < GMAIL_CUTS_AT
    [run] = read_runs(company, 1)
    assert (run.steps[-1].name, run.steps[-1].status) == ("briefing", "ok")
    written = company.briefings_dir / f"{page.day}.png"
    assert 0 < written.stat().st_size < MOST_BYTES
    with duckdb.connect() as connection:
        connection.execute(f"attach '{company.serving}' as serving (read_only); use serving")
        bands = connection.execute(
            "select health_band, count(*), sum(monthly_revenue_usd) from marts.account_health group by all"
        ).fetchall()
        moved = connection.execute(
            """
            select count(*)
            from marts.account_health as now
            left join marts.account_health_daily as earlier
                on now.account_id = earlier.account_id and earlier.as_of_date = now.as_of_date - 1
            left join marts.account_segments_daily as segments
                on now.account_id = segments.account_id and segments.as_of_date = now.as_of_date - 1
            where
                now.health_band is distinct from earlier.health_band or now.segment is distinct from segments.segment
            """
        ).fetchone()
        listed = connection.execute("select count(*) from marts.expansion_opportunities").fetchone()
    shown = {row[0]: row[1:3] for row in texts(table(page, "Revenue by health"))}
    for band, accounts, revenue in bands:
        if band != "churned":
            assert shown[band.replace("_", " ").capitalize()] == (str(accounts), money(revenue))
    overnight = table(page, "Changed band or segment overnight")
    assert moved is not None
    assert listed is not None
    assert len(overnight.rows) == min(moved[0], 10)
    assert overnight.caption.startswith(f"{len(overnight.rows)} of {moved[0]} accounts" if moved[0] else "")
    assert f"of {listed[0]} opportunities" in table(page, "Opportunities to expand").caption
