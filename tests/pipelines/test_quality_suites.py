"""Every expectation of every suite: what is at its limit passes, one row more fails, on that day and no other.

One gate over one warehouse: each expectation is broken on days of its own.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.config import Settings
from pipelines.landing.contract import SYSTEMS, load_contract
from pipelines.quality.gate import GateResult, run_gate
from pipelines.quality.suites import SUITES_DIR, SuiteError, load_suites
from tests.pipelines.quality_breakages import ALSO, BREAKAGES, Broken
from tests.pipelines.quality_look import look_here
from tests.pipelines.quality_raw import HEALTHY, Delivery, Raw

BASE = date(2026, 2, 1)
ROWS = 200

Plan = dict[tuple[str, str], dict[str, date]]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[GateResult, Plan, Raw]:
    """A first day on which all is well; then, for each expectation, a day `at` its limit, one `over` it, and so on."""
    raw = Raw(Settings.for_home(tmp_path_factory.mktemp("gate")))
    plan: Plan = {}
    day = BASE
    for system in SYSTEMS:
        # the ledger says 1 so that no volume is judged: that has tests of its own
        deliveries = [Delivery(table, BASE, ROWS, said_rows=1) for table in HEALTHY[system]]
        for name, (allowed, least, columns) in expected(system).items():
            table = name.split(".")[0]
            days = plan.setdefault((system, name), {})
            # the first of several rows with one key is not one too many
            first = 1 if name.endswith((".key_has_one_version", ".resent")) else 0
            cases = [("at", ROWS, allowed + first), ("over", ROWS, allowed + first + 1)]
            if least > 1:
                cases += [
                    (case, rows, allowed * rows // ROWS + first + 1)
                    for case, rows in (("few", least - 1), ("enough", least))
                ]
            for case, rows, count in cases:
                day += timedelta(days=1)
                days[case] = day
                deliveries.append(Delivery(table, day, rows, columns, count, said_rows=1))
        raw.land(system, *deliveries)
    return run_gate(raw.settings, "run", look=look_here), plan, raw


def expected(system: str) -> Broken:
    """The breakages of a system, with what every table must hold."""
    found: Broken = {name: said for by_name in BREAKAGES[system].values() for name, said in by_name.items()}
    for table in load_contract(system, Settings.for_home("data").contract_dir).tables:
        key = dict.fromkeys(table.key, "null")
        found[f"{table.name}.key_is_given"] = (0, 1, key)
        same = "'same'" if next(c for c in table.columns if c.name == table.key[0]).data_type == "varchar" else "-1"
        found[f"{table.name}.key_has_one_version"] = (2, 1, dict.fromkeys(table.key, same))
    if system == "product":
        same_call = {"message_id": "'same'", "context": '\'{"groupId": "org1"}\'', "properties": "'{}'"}
        found["tracks.resent"] = (40, 50, same_call)
    return found


def severities(system: str) -> dict[str, str]:
    found = {name: severity for severity, by_name in BREAKAGES[system].items() for name in by_name}
    for table in HEALTHY[system]:
        found[f"{table}.key_is_given"] = "critical"
        found[f"{table}.key_has_one_version"] = "critical" if system == "billing" else "warning"
    volumes = {"product": ["tracks"], "billing": ["meter_event_summaries"], "zendesk": ["tickets"]}
    found |= {f"{table}.volume": "warning" for table in volumes.get(system, [])}
    if system == "product":
        found["tracks.resent"] = "warning"
    return found


def test_every_expectation_has_the_severity_that_is_said_here(settings: Settings) -> None:
    for suite in load_suites(SYSTEMS, settings.contract_dir):
        assert {item.id: item.severity for item in suite.expectations} == severities(suite.system)


def test_each_expectation_fails_beyond_its_limit_and_only_there(broken: tuple[GateResult, Plan, Raw]) -> None:
    result, plan, _ = broken
    found = defaultdict(set)
    for failure in result.failures:
        for day in failure.days:
            found[failure.system, day].add(failure.expectation)
    wrong = {}
    for (system, name), days in plan.items():
        also = ALSO.get((system, name), set())
        for case, day in days.items():
            failed = found.pop((system, day), set()) - also
            if failed != ({name} if case in ("over", "enough") else set()):
                wrong[system, name, case] = failed
    assert not wrong
    assert not found, "something failed on a day on which all is well"


def test_warnings_and_what_blocks_mark_their_days(broken: tuple[GateResult, Plan, Raw]) -> None:
    result, plan, raw = broken
    assert result.is_blocked
    marked = {
        (system, day): count
        for system, day, count in raw.query("select system, drop_date, warnings_count from ops.gate_days")
    }
    for system in SYSTEMS:
        severity = severities(system)
        assert marked.pop((system, BASE)) == 0
        for name in expected(system):
            milder = sum(severity[other] != "info" for other in ALSO.get((system, name), set()))
            own = severity[name] != "info"
            days = plan[system, name]
            assert (marked.pop((system, days["at"])), marked.pop((system, days["over"]))) == (milder, milder + own), (
                name
            )


def test_counts_are_those_of_the_rows(broken: tuple[GateResult, Plan, Raw]) -> None:
    result, plan, raw = broken
    (row,) = raw.query(
        "select table_name, severity, is_success, unexpected_count, message, accepted_reason from ops.gate_results"
        " where system = 'zendesk' and expectation = 'tickets.status_is_known'"
    )
    day = plan["zendesk", "tickets.status_is_known"]["over"]
    message = f"tickets of an unknown status: 1 of 200 on {day} (none is allowed)"
    assert row == ("tickets", "warning", False, 1, message, None)
    assert raw.query("select count(*) from ops.gate_results") == [(result.expectations,)]
    assert raw.query(f"select reasons from ops.gate_days where system = 'zendesk' and drop_date = '{day}'") == [
        ("tickets: tickets of an unknown status (1 of 200)",)
    ]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("severity: warning", "severity: fatal", "fatal is no severity"),
        ("in_seed: {ticket_statuses: ticket_status}", "in_seed: {ticket_moods: mood}", "ticket_moods"),
        ("min_rows: 10", "min_row: 10", "min_row is not understood"),
        ("  tickets:", "  tikets:", "no table tikets"),
        ("max_share: 0.7", "max_share: 70", "not a share"),
        ("system: zendesk", "system: crm", "the suite of crm"),
        ("name: status_is_known", "name: status_is_given", "tickets.status_is_given is there twice"),
    ],
)
def test_suite_with_a_mistake_is_refused(
    settings: Settings, tmp_path: Path, before: str, after: str, says: str
) -> None:
    text = (SUITES_DIR / "zendesk.yml").read_text()
    assert before in text
    (tmp_path / "zendesk.yml").write_text(text.replace(before, after))
    with pytest.raises(SuiteError, match=says) as refused:
        load_suites(["zendesk"], settings.contract_dir, tmp_path)
    assert "zendesk.yml" in str(refused.value)
