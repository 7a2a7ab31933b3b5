"""The sample company's Zendesk exports: metrics, metric events and ratings tell one story."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.sample.model import SampleSettings, Story, World
from pipelines.sample.support import write_support
from pipelines.sample.world import build_world

Row = dict[str, Any]
SOURCES = Path(__file__).resolve().parents[2] / "sources" / "zendesk.yml"


@dataclass(frozen=True)
class Exports:
    world: World
    truth: dict[int, dict[str, Any]]
    rows: dict[str, list[tuple[str, Row]]]

    def latest(self, table: str) -> dict[int, Row]:
        return {row["id"]: row for _, row in self.rows[table]}


def make(path: Path, accounts: int, days: int) -> Exports:
    world = build_world(SampleSettings(accounts, days, 7, date(2026, 10, 31), path))
    truth = write_support(world)
    rows: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for folder in sorted((path / "zendesk").iterdir()):
        for file in sorted(folder.iterdir()):
            for line in file.read_text(encoding="utf-8").splitlines():
                rows[file.stem].append((folder.name, json.loads(line)))
    return Exports(world, truth, rows)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    return make(tmp_path_factory.mktemp("company"), 300, 450)


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def events_of(company: Exports) -> dict[int, list[Row]]:
    events: dict[int, list[Row]] = defaultdict(list)
    for _, event in company.rows["ticket_metric_events"]:
        events[event["ticket_id"]].append(event)
    return events


def test_tables_and_columns_are_those_of_the_contract(company: Exports) -> None:
    for table in yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"][0]["tables"]:
        if "files" not in table.get("config", {}).get("meta", {}):
            continue  # what landing itself keeps
        columns = {column["name"] for column in table["columns"] if not column["name"].startswith("_")}
        keys = {key for _, row in company.rows[table["name"]] for key in row}
        assert columns <= keys, (table["name"], columns - keys)


def test_rows_lie_on_the_day_of_their_change(company: Exports) -> None:
    times = {"tickets": "updated_at", "ticket_metric_events": "time", "satisfaction_ratings": "updated_at"}
    for table, column in times.items():
        for day, row in company.rows[table]:
            if table == "tickets":
                assert row["generated_timestamp"] >= seconds(row[column])
                assert row[column][:10] <= day
            else:
                assert row[column][:10] == day
    for table in ("tickets", "ticket_metrics", "satisfaction_ratings"):
        keys = [(day, row["id"]) for day, row in company.rows[table]]
        assert len(keys) == len(set(keys)), "one version a day"
    assert len(company.rows["ticket_metric_events"]) == len(company.latest("ticket_metric_events"))


def test_metrics_agree_with_metric_events(company: Exports) -> None:
    events, tickets = events_of(company), company.latest("tickets")
    for metrics in company.latest("ticket_metrics").values():
        own = events[metrics["ticket_id"]]
        created = seconds(metrics["created_at"])

        def minutes(metric: str, at: int, own: list[Row] = own, created: int = created) -> int | None:
            done = [e for e in own if e["metric"] == metric and e["type"] == "fulfill"]
            return (seconds(done[at]["time"]) - created) // 60 if done else None

        if metrics["replies"]:
            assert metrics["reply_time_in_minutes"]["calendar"] == minutes("reply_time", 0)
        else:
            assert metrics["reply_time_in_minutes"]["calendar"] is None
        assert metrics["first_resolution_time_in_minutes"]["calendar"] == minutes("resolution_time", 0)
        assert metrics["full_resolution_time_in_minutes"]["calendar"] == minutes("resolution_time", -1)
        starts = [e for e in own if e["metric"] == "resolution_time" and e["type"] == "activate"]
        assert len(starts) == metrics["reopens"] + 1
        ticket = tickets[metrics["ticket_id"]]
        assert (metrics["solved_at"] is not None) == (ticket["status"] in ("solved", "closed"))
        for column, value in metrics.items():
            if column.endswith("_in_minutes"):
                assert value["business"] == value["calendar"]


def test_waiting_times_follow_the_clocks(company: Exports) -> None:
    """The last status updates of all instances add up to the metrics, but for one minute an instance."""
    events = events_of(company)
    for metrics in company.latest("ticket_metrics").values():
        if metrics["solved_at"] is None:
            continue
        last: dict[int, int] = {}
        for event in events[metrics["ticket_id"]]:
            if event["metric"] == "requester_wait_time" and event["type"] == "update_status":
                last[event["instance_id"]] = event["status"]["calendar"]
        waited = metrics["requester_wait_time_in_minutes"]["calendar"]
        assert 0 <= waited - sum(last.values()) <= len(last)
        whole = waited + metrics["agent_wait_time_in_minutes"]["calendar"]
        if not metrics["reopens"]:
            assert 0 <= metrics["full_resolution_time_in_minutes"]["calendar"] - whole <= 1


def test_clocks_alternate(company: Exports) -> None:
    for own in events_of(company).values():
        running: dict[tuple[str, int], bool] = {}
        for event in own:
            key = (event["metric"], event["instance_id"])
            if event["type"] == "activate":
                assert not running.get(key)
                running[key] = True
            elif event["type"] == "pause":
                assert running[key]
                running[key] = False
            elif event["type"] == "fulfill":
                running.pop(key)


def test_breaches_are_the_replies_that_came_too_late(company: Exports) -> None:
    end = seconds("2026-11-01T00:00:00+00:00")
    for own in events_of(company).values():
        first = [e for e in own if e["metric"] == "reply_time" and e["instance_id"] == 1]
        target = next((e["sla"]["target"] for e in first if e["type"] == "apply_sla"), None)
        breach = [e for e in first if e["type"] == "breach"]
        done = next((seconds(e["time"]) for e in first if e["type"] == "fulfill"), end)
        start = seconds(first[0]["time"])
        if target is None:
            assert not breach
        elif breach:
            assert seconds(breach[0]["time"]) == start + target * 60 < done
        elif done < end:
            assert done <= start + target * 60


def test_identity_links_reach_the_files(company: Exports) -> None:
    organizations, users = company.latest("organizations"), company.latest("users")
    for account in company.world.accounts:
        if account.zendesk_organization_id is None:
            continue
        row = organizations[account.zendesk_organization_id]
        domain = account.identity_links.get("zendesk_domain")
        assert row["domain_names"] == ([domain] if domain else [])
        if row["external_id"] is not None:
            assert row["external_id"] == account.identity_links["zendesk_external_id"]
            assert len(row["external_id"]) == 15
    for ticket in company.latest("tickets").values():
        assert users[ticket["requester_id"]]["organization_id"] == ticket["organization_id"]
        assert ticket["assignee_id"] is None or users[ticket["assignee_id"]]["role"] in ("agent", "admin")


def test_planted_cases_occur(company: Exports) -> None:
    versions = [row for _, row in company.rows["tickets"]]
    statuses = {row["status"] for row in versions}
    assert statuses == {"new", "open", "pending", "hold", "solved", "closed", "deleted"}
    assert {row["priority"] for row in versions} == {"low", "normal", "high", "urgent", None}
    assert any("closed_by_merge" in row["tags"] for row in versions)
    assert any(row["organization_id"] is None for row in versions)
    assert max(row["reopens"] for row in company.latest("ticket_metrics").values()) >= 3
    users = company.latest("users").values()
    assert any(not user["active"] and user["role"] == "agent" for user in users)
    assert any(not user["active"] and user["role"] == "end-user" for user in users)
    scores: dict[int, list[str]] = defaultdict(list)
    for _, rating in company.rows["satisfaction_ratings"]:
        scores[rating["id"]].append(rating["score"])
    assert any(history[-2:] == ["good", "bad"] for history in scores.values())


def test_stories_show(company: Exports) -> None:
    months = company.world.settings.days / 30.4
    by_story: dict[Story, list[dict[str, Any]]] = defaultdict(list)
    for account in company.world.accounts:
        if not account.is_prospect:
            by_story[account.story].append(company.truth[account.index])
            assert company.truth[account.index]["zendesk_tickets"] <= 5.5 * months
    angry = by_story[Story.ANGRY_HEALTHY]
    calm = by_story[Story.STEADY]

    def share(group: list[dict[str, Any]], part: str, whole: str = "zendesk_tickets") -> float:
        return float(sum(t[part] for t in group) / max(1, sum(t[whole] for t in group)))

    assert share(angry, "zendesk_urgent_tickets") > 3 * share(calm, "zendesk_urgent_tickets")
    assert share(angry, "zendesk_reopens") > 3 * share(calm, "zendesk_reopens")
    assert share(angry, "zendesk_bad_ratings", "zendesk_good_ratings") > share(
        calm, "zendesk_bad_ratings", "zendesk_good_ratings"
    )
    organizations = {a.zendesk_organization_id: a for a in company.world.accounts if a.zendesk_organization_id}
    for ticket in company.latest("tickets").values():
        owner = organizations.get(ticket["organization_id"])
        if owner is not None and owner.story is Story.QUIET_DYING and owner.onset_day is not None:
            day = (date.fromisoformat(ticket["created_at"][:10]) - company.world.settings.start).days
            assert day < owner.onset_day


def test_truth_counts_what_was_written(company: Exports) -> None:
    tickets = company.latest("tickets").values()
    assert sum(t["zendesk_tickets"] for t in company.truth.values()) == len(tickets)
    merged = sum("closed_by_merge" in ticket["tags"] for ticket in tickets)
    assert sum(t["zendesk_merged_tickets"] for t in company.truth.values()) == merged
    reopens = sum(row["reopens"] for row in company.latest("ticket_metrics").values())
    assert sum(t["zendesk_reopens"] for t in company.truth.values()) == reopens


@pytest.mark.parametrize("days", [60, 120])
def test_equal_settings_give_equal_bytes(tmp_path: Path, days: int) -> None:
    found = []
    for name in ("a", "b"):
        make(tmp_path / name, 40, days)
        root = tmp_path / name / "zendesk"
        found.append({str(f.relative_to(root)): f.read_bytes() for f in sorted(root.rglob("*.ndjson"))})
    assert found[0] == found[1]
    assert found[0]
