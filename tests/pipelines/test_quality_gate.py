"""What the gate looks at, what it remembers, whom it stops. Great Expectations itself is in the other quality tests."""

from __future__ import annotations

import functools
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import Settings
from pipelines.quality import gate
from pipelines.quality.facts import MeasureError
from pipelines.quality.gate import GateResult, run_gate
from pipelines.quality.records import record_unlanded
from pipelines.quality.suites import load_suites
from pipelines.serving.gate import building, require_green
from tests.pipelines.quality_look import look_plainly
from tests.pipelines.quality_raw import Delivery, Raw

DAY = date(2026, 3, 2)
NIGHTS = 36  # five weeks, so that volumes are judged
NO_STATUS = {"status": "null"}
UNKNOWN_STATUS = {"status": "'asleep'"}


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the suites takes longer than looking at a few rows, and a hundred nights read the same ones."""
    monkeypatch.setattr(gate, "load_suites", lambda systems, *folders: _suites(tuple(systems), *folders))


_suites = functools.cache(load_suites)


@pytest.fixture
def raw(settings: Settings) -> Raw:
    return Raw(settings)


def look(raw: Raw, run_id: str = "run", **options: Any) -> GateResult:
    return run_gate(raw.settings, run_id, look=look_plainly, **options)


def tickets(day: date = DAY, rows: int = 19, **options: Any) -> Delivery:
    return Delivery("tickets", day, rows, **options)


def days(raw: Raw, system: str = "zendesk") -> list[tuple[date, int, str | None]]:
    """The newest row of each day."""
    return raw.query(
        "select drop_date, max_by(warnings_count, checked_at), max_by(coalesce(reasons, ''), checked_at)"
        f" from ops.gate_days where system = '{system}' group by drop_date order by drop_date"
    )


def failed(result: GateResult) -> dict[str, tuple[date, ...]]:
    return {failure.expectation: failure.days for failure in result.failures}


def test_only_what_no_gate_has_passed_is_looked_at(raw: Raw) -> None:
    raw.land("zendesk", tickets(), Delivery("users", DAY, 3))
    assert (look(raw).scanned_rows, look(raw).expectations) == (22, 0)
    raw.land("zendesk", tickets(DAY + timedelta(1), 7))
    assert look(raw).scanned_rows == 7
    assert look(raw).scanned_rows == 0


def test_query_of_a_night_skips_the_rows_of_the_nights_before(raw: Raw) -> None:
    asked: list[dict[str, Any]] = []

    def look_and_keep(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return look_plainly(settings, request)

    for number in range(4):
        raw.land("product", Delivery("groups", DAY + timedelta(number), 130_000))
        run_gate(raw.settings, "run", look=look_and_keep)
    with duckdb.connect() as connection:
        connection.execute(f"set TimeZone = 'UTC'; attach '{raw.settings.warehouse}' as warehouse (read_only)")
        (query,) = [sql for _, sql in asked[-1]["statements"] if "'groups.key_is_given'" in sql]
        ((_, plan),) = connection.execute(f"explain analyze {query[query.index('select') :]}").fetchall()
    ((read, there),) = re.findall(r"Row Groups Scanned: (\d+) / (\d+)", plan)
    assert int(read) <= 2 < 5 <= int(there)


def test_load_that_did_not_complete_is_not_looked_at(raw: Raw) -> None:
    raw.land("zendesk", tickets(broken=NO_STATUS, count=19), status=1)
    assert look(raw).scanned_rows == 0


def test_nothing_has_landed_yet(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    result = run_gate(settings, "run", as_of=DAY, look=look_plainly)
    assert (result.expectations, result.is_blocked, result.docs) == (0, False, None)


def test_blocked_load_is_judged_again_until_it_is_repaired(raw: Raw) -> None:
    raw.land("zendesk", tickets(broken=NO_STATUS, count=19))
    for _ in range(2):
        result = look(raw)
        assert (result.is_blocked, failed(result)) == (True, {"tickets.status_is_given": (DAY,)})
    assert days(raw) == [(DAY, 1, "tickets: tickets without a status (19 of 19)")]

    raw.land("zendesk", tickets())  # the same file, a newer version: the older one no longer counts
    result = look(raw)
    assert (result.is_blocked, result.failures, result.scanned_rows) == (False, (), 19)
    assert days(raw) == [(DAY, 0, "")]


def test_accepted_failure_passes_once_and_is_told(raw: Raw) -> None:
    raw.land("zendesk", tickets(broken=NO_STATUS, count=19))
    result = look(raw, accept="statuses were moved to another field")
    assert not result.is_blocked
    assert raw.query("select expectation, is_success, accepted_reason from ops.gate_results where not is_success") == [
        ("tickets.status_is_given", False, "statuses were moved to another field")
    ]
    assert days(raw) == [(DAY, 0, "")]
    assert look(raw).scanned_rows == 0
    raw.land("zendesk", tickets(DAY + timedelta(1), broken=NO_STATUS, count=19))
    assert look(raw).is_blocked


def test_acceptance_leaves_warnings_as_they_are(raw: Raw) -> None:
    raw.land("zendesk", tickets(broken=UNKNOWN_STATUS, count=1))
    assert not look(raw, accept="for another reason").is_blocked
    assert days(raw)[0][1] == 1
    assert raw.query("select count(*) from ops.gate_results where accepted_reason is not null") == [(0,)]


def test_late_file_does_not_clear_what_its_day_did_wrong(raw: Raw) -> None:
    raw.land("zendesk", tickets(broken=UNKNOWN_STATUS, count=2))
    look(raw)
    raw.land("zendesk", tickets(name="001"))
    assert look(raw).scanned_rows == 38
    assert days(raw) == [(DAY, 1, "tickets: tickets of an unknown status (2 of 38)")]


def test_rows_of_a_superseded_version_are_left_out(raw: Raw) -> None:
    raw.land("zendesk", tickets(name='it\'s "000"; --', broken=UNKNOWN_STATUS, count=5), tickets(name="001", rows=9))
    raw.land("zendesk", tickets(name='it\'s "000"; --', rows=10))
    result = look(raw)
    assert (result.scanned_rows, result.failures) == (19, ())


def test_a_night_without_files_has_its_row_and_a_second_run_changes_nothing(raw: Raw) -> None:
    raw.land("zendesk", tickets(broken=UNKNOWN_STATUS, count=1))
    look(raw, as_of=DAY)
    look(raw, as_of=DAY)
    look(raw, as_of=DAY + timedelta(1))
    assert [(day, count) for day, count, _ in days(raw)] == [(DAY, 1), (DAY + timedelta(1), 0)]
    assert days(raw, "crm") == [(DAY, 0, ""), (DAY + timedelta(1), 0, "")]


def test_unlanded_night_is_marked_and_cleared_by_a_later_gate(raw: Raw) -> None:
    raw.land("zendesk", tickets(broken=UNKNOWN_STATUS, count=1))
    look(raw, as_of=DAY)
    for system in ("zendesk", "crm"):
        record_unlanded(raw.settings, "later", system, DAY, "tickets.jsonl is broken")
    assert days(raw)[0][1:] == (1, "did not land: tickets.jsonl is broken")
    look(raw, as_of=DAY, systems=["crm"])
    assert (days(raw, "crm")[0][1], days(raw)[0][1]) == (0, 1)
    look(raw, as_of=DAY)  # what had landed before is judged again, not cleared
    assert days(raw)[0][1:] == (1, "tickets: tickets of an unknown status (1 of 19)")


def test_volume_is_measured_against_the_same_weekday(raw: Raw) -> None:
    start = date(2026, 1, 5)
    usual = {0: 1000, 1: 1000, 2: 1000, 3: 1000, 4: 1000, 5: 499, 6: 500}
    odd = {
        start + timedelta(35): 399,  # below 40 %
        start + timedelta(36): 400,
        start + timedelta(37): 4001,  # more than four times
        start + timedelta(38): 4000,
        start + timedelta(40): 0,  # a Saturday: too few are expected
        start + timedelta(41): 199,  # a Sunday: just enough are
        start + timedelta(14): 0,  # only two weeks before it
        start + timedelta(43): 0,  # delivered, and empty
    }
    landed = [start + timedelta(number) for number in range(45)]
    raw.land("product", *(Delivery("tracks", day, 0, said_rows=odd.get(day, usual[day.weekday()])) for day in landed))
    result = look(raw)
    wrong = tuple(start + timedelta(number) for number in (35, 37, 41, 43))
    assert failed(result) == {"tracks.volume": wrong}
    assert result.failures[0].unexpected_count == 4


def history(raw: Raw, number: int) -> list[tuple[str, list[Delivery]]]:
    """What lands on day `number`: all is well on most days, each flaw has its own rhythm."""
    day = DAY + timedelta(number)
    flawed = {"tickets": number % 7 == 3, "groups": number % 11 == 5, "opportunities": number % 13 == 4}
    known = Delivery("organizations", day, 30 if number % 5 else 2)
    return [
        ("zendesk", [known, tickets(day, 40, broken=UNKNOWN_STATUS, count=int(flawed["tickets"]))]),
        (
            "product",
            [
                Delivery("groups", day, 25, {"traits": "null"}, 25 * flawed["groups"]),
                Delivery("tracks", day, 0, said_rows=1000 if number % 17 else 100),
            ],
        ),
        ("crm", [Delivery("opportunities", day, 5, {"stage_name": "null"}, int(flawed["opportunities"]))]),
    ]


@pytest.mark.slow
def test_days_that_land_at_once_are_judged_as_they_are_night_by_night(tmp_path: Path) -> None:
    nightly, at_once = (Raw(Settings.for_home(tmp_path / name)) for name in ("nightly", "at_once"))
    scanned = []
    for number in range(NIGHTS):
        for system, deliveries in history(nightly, number):
            nightly.land(system, *deliveries)
        scanned.append(look(nightly, as_of=DAY + timedelta(number)).scanned_rows)
    together: dict[str, list[Delivery]] = {}
    for number in range(NIGHTS):
        for system, deliveries in history(at_once, number):
            together.setdefault(system, []).extend(deliveries)
    for system, deliveries in together.items():
        at_once.land(system, *deliveries)
    look(at_once)

    for system in ("zendesk", "product", "crm"):
        assert days(nightly, system) == days(at_once, system)
        assert sum(count > 0 for _, count, _ in days(at_once, system)) >= 2, "the comparison is of something"
    failures = "select system, expectation, sum(unexpected_count) from ops.gate_results group by all order by all"
    assert nightly.query(failures) == at_once.query(failures)
    assert max(scanned) - min(scanned) <= 2 * 900 + 28, "a night does not look at the nights before it"


def test_what_cannot_be_measured_is_named_without_its_values(raw: Raw) -> None:
    raw.land("zendesk", tickets(broken={"subject": "'ann@example.com'"}, count=1))
    request = {"warehouse": str(raw.settings.warehouse), "suites": []}
    for query, said in (
        ("select cast(subject as integer) from warehouse.raw_zendesk.tickets", "tickets: ConversionException"),
        ("select urgency from warehouse.raw_zendesk.tickets", 'Referenced column "urgency" not found'),
    ):
        with pytest.raises(MeasureError, match=said) as refused:
            look_plainly(raw.settings, {**request, "statements": [("tickets", query)]})
        assert "ann@example.com" not in str(refused.value)


def test_green_build_stays_green(raw: Raw) -> None:
    raw.land("zendesk", tickets())
    with building(raw.settings, "build"):
        pass
    look(raw, as_of=DAY)
    record_unlanded(raw.settings, "run", "crm", DAY, "a reason")
    require_green(raw.settings)
