"""The sample company's product exports: shapes, clocks, late and repeated calls, stories, and equal bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.sample.events import draw_day
from pipelines.sample.features import load_features
from pipelines.sample.model import Plan, SampleSettings, Story, World
from pipelines.sample.output import drop_folder
from pipelines.sample.product import ProductSummary, write_product
from pipelines.sample.roster import build_roster
from pipelines.sample.stories import TURNING
from pipelines.sample.usage import daily_credits, received_credits
from pipelines.sample.world import build_world

Row = dict[str, Any]
UNTIL, DAYS = date(2026, 10, 31), 400


def company(exports: Path, accounts: int = 40, days: int = DAYS, density: float = 1.0) -> SampleSettings:
    return SampleSettings(accounts, days, 7, UNTIL, exports, density)


def read(exports: Path, kind: str) -> Iterator[tuple[str, Row]]:
    for path in sorted((exports / "product").glob(f"*/{kind}-*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield path.parent.name, json.loads(line)


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("product")


@pytest.fixture(scope="module")
def world(exports: Path) -> World:
    return build_world(company(exports))


@pytest.fixture(scope="module")
def summary(world: World) -> ProductSummary:
    return write_product(world)


@pytest.fixture(scope="module")
def tracks(summary: ProductSummary, exports: Path) -> list[tuple[str, Row]]:
    found = list(read(exports, "tracks"))
    assert len(found) == summary.tracks
    return found


def test_every_story_occurs_once_at_least(world: World) -> None:
    dealt = Counter(account.story for account in world.accounts if not account.is_prospect)
    assert set(dealt) == set(Story)


def test_turns_leave_room_on_both_sides(world: World) -> None:
    for account in world.accounts:
        if account.story in TURNING and not account.is_prospect:
            assert account.onset_day is not None
            assert account.onset_day <= DAYS - 60
            assert account.onset_day - account.signup_day >= 60


def test_every_day_has_tracks_in_order_of_receipt(tracks: list[tuple[str, Row]], world: World) -> None:
    received: dict[str, list[str]] = defaultdict(list)
    for day, row in tracks:
        received[day].append(row["receivedAt"])
        assert row["receivedAt"][:10] == day
    start = world.settings.start
    folders = {folder.name for folder in (world.settings.exports / "product").iterdir()}
    assert folders == {(start + timedelta(days=day)).isoformat() for day in range(DAYS)}
    assert all(times == sorted(times) for times in received.values())


def test_timestamp_is_the_corrected_client_clock(tracks: list[tuple[str, Row]]) -> None:
    copies: set[str] = set()
    for _, row in tracks:
        if row["messageId"] in copies:
            continue
        copies.add(row["messageId"])
        times = [moment(row[name]) for name in ("receivedAt", "sentAt", "originalTimestamp", "timestamp")]
        assert times[3] == times[0] - (times[1] - times[2])


def test_late_repeated_and_skewed_calls(tracks: list[tuple[str, Row]]) -> None:
    seen: dict[str, Row] = {}
    twice = late = ahead = skewed = 0
    for _, row in tracks:
        behind = moment(row["receivedAt"]) - moment(row["timestamp"])
        if row["messageId"] in seen:
            twice += 1
            earlier = seen[row["messageId"]]
            changed = {name for name in row if row[name] != earlier[name]}
            assert changed == {"receivedAt", "sentAt"}
            assert moment(row["receivedAt"]) - moment(earlier["receivedAt"]) <= timedelta(days=3)
            continue
        seen[row["messageId"]] = row
        late += behind > timedelta(minutes=59)
        ahead += behind < timedelta(0)
        skewed += abs(moment(row["originalTimestamp"]) - moment(row["timestamp"])) > timedelta(minutes=1)
        assert behind <= timedelta(days=6)
    assert 0.003 < twice / len(seen) < 0.007
    assert 0.01 < late / len(seen) < 0.02
    assert 0 < ahead / len(seen) < 0.002
    assert skewed > 0


def test_calls_name_known_features_people_and_teams(tracks: list[tuple[str, Row]], world: World) -> None:
    features = load_features()
    units = dict(zip(features.events, features.units, strict=True))
    metered = dict(zip(features.events, (features.rate_milli > 0).tolist(), strict=True))
    teams = {team.workspace_id: world.accounts[team.account_index].org_id for team in world.workspaces}
    people = {user.user_id: world.accounts[user.account_index].org_id for user in world.users}
    anonymous = jobs = 0
    for _, row in tracks:
        assert row["type"] == "track"
        properties = row["properties"]
        organization = teams[properties["workspace_id"]]
        assert row["context"].get("groupId", organization) == organization
        assert people.get(row["userId"], organization) == organization
        anonymous += row["userId"] is None and "groupId" not in row["context"]
        jobs += row["userId"] is None and "groupId" in row["context"]
        if "quantity" in properties:
            assert metered[row["event"]]
            assert properties["unit"] == units[row["event"]]
            assert Decimal(str(properties["quantity"])) * 1000 % 1 == 0
            assert properties["quantity"] > 0
        assert ("quantity" in properties) == metered[row["event"]]
    assert anonymous > 0
    assert jobs > 0


def test_credits_are_what_the_files_say(tracks: list[tuple[str, Row]], world: World, summary: ProductSummary) -> None:
    features = load_features()
    rate = {
        event: Decimal(int(milli)) / 1000 for event, milli in zip(features.events, features.rate_milli, strict=True)
    }
    owner = {team.workspace_id: team.account_index for team in world.workspaces}
    start = world.settings.start
    counted: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    seen: set[str] = set()
    for drop, row in tracks:
        if row["messageId"] in seen or "quantity" not in row["properties"]:
            continue
        seen.add(row["messageId"])
        day = (moment(row["timestamp"]).date() - start).days
        arrived = (date.fromisoformat(drop) - start).days
        quantity = Decimal(str(row["properties"]["quantity"]))
        counted[owner[row["properties"]["workspace_id"]], day, arrived] += quantity * rate[row["event"]]
    told: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    for line in summary.received_credits.to_pylist():
        told[line["account_index"], line["day"], line["received_day"]] += line["credits"]
    assert told == counted
    daily = daily_credits(world)
    assert received_credits(world).equals(summary.received_credits)
    assert sum(daily["credits"].to_pylist()) == sum(counted.values())
    keys = list(zip(*(daily[name].to_pylist() for name in ("account_index", "use_case_id", "day")), strict=True))
    assert len(set(keys)) == len(keys)


def test_usage_follows_the_plan(world: World) -> None:
    burnt = np.zeros((len(world.accounts), DAYS))
    for line in daily_credits(world).to_pylist():
        burnt[line["account_index"], line["day"]] += float(line["credits"])
    weekday = np.array([(world.settings.start + timedelta(days=day)).weekday() for day in range(DAYS)])
    weekend, work = burnt[:, weekday >= 5].mean(), burnt[:, weekday < 5].mean()
    assert 0.2 < weekend / work < 0.4
    for account in world.accounts:
        own = burnt[account.index]
        assert own[: account.signup_day].sum() == 0
        if account.is_prospect:
            assert own.sum() == 0
        if account.churn_day is not None:
            assert own[account.churn_day :].sum() == 0
        if account.story is Story.DORMANT and account.onset_day is not None:
            before = own[account.onset_day - 30 : account.onset_day].sum()
            assert own[-28:].sum() < 0.1 * before
        if account.story is Story.GROW_FAST and DAYS - account.signup_day > 150:
            assert own[-28:].sum() > 1.5 * own[account.signup_day + 30 : account.signup_day + 58].sum()


def test_expansion_starts_a_new_use_case_in_a_new_workspace(world: World) -> None:
    burnt = daily_credits(world).to_pylist()
    for account in world.accounts:
        fresh = account.facts.get("expansion_use_cases", [])
        assert isinstance(fresh, list)
        own = [line for line in burnt if line["account_index"] == account.index]
        assert all(line["day"] >= account.onset_day for line in own if line["use_case_id"] in fresh)
        assert {line["use_case_id"] for line in own} >= set(fresh)


def test_commits_run_out_as_planned() -> None:
    big = build_world(SampleSettings(400, 450, 11, UNTIL, Path("unused")))
    for account in big.accounts:
        if account.is_prospect or account.plan is not Plan.ENTERPRISE:
            assert account.commit_cents == 0
            continue
        assert account.commit_cents > 0
        share = account.facts["commit_expected_exhaustion_share"]
        use = account.facts["commit_expected_use"]
        assert isinstance(use, float)
        if account.story is Story.COMMIT_FAST:
            assert isinstance(share, float)
            assert 0.48 < share < 0.72
        if account.story is Story.COMMIT_SLOW:
            assert 0.28 < use < 0.47


def test_identify_and_group_calls(summary: ProductSummary, world: World, exports: Path) -> None:
    identifies = [row for _, row in read(exports, "identifies")]
    groups = [row for _, row in read(exports, "groups")]
    assert (len(identifies), len(groups)) == (summary.identifies, summary.groups)
    known = {user.user_id for user in world.users if user.is_identified}
    assert {row["userId"] for row in identifies} <= known
    assert all({"name", "email", "role", "title", "createdAt"} <= set(row["traits"]) for row in identifies)
    organizations = {row["groupId"] for row in groups if row["traits"]["group_type"] == "organization"}
    assert organizations == {account.org_id for account in world.accounts if not account.is_prospect}
    workspaces = [row for row in groups if row["traits"]["group_type"] == "workspace"]
    assert {row["traits"]["organization_id"] for row in workspaces} <= organizations
    assert all(isinstance(row["traits"]["employees"], str) for row in groups if "employees" in row["traits"])


def test_seats_hold_the_people_and_are_cut_in_a_contraction(world: World) -> None:
    for account in world.accounts:
        seats = account.seats
        assert seats is not None
        if account.is_prospect:
            assert seats.max() == 0
            continue
        assert seats[account.signup_day] >= 2
        assert not account.signup_day or seats[account.signup_day - 1] == 0
        cut = account.facts.get("seat_cut_day")
        if isinstance(cut, int):
            assert (world.settings.start + timedelta(days=cut)).day == 1
            assert seats[cut] <= seats[cut - 1]


def test_a_day_can_be_drawn_without_the_days_before(world: World) -> None:
    alone = draw_day(build_roster(world), 200)
    roster = build_roster(world)
    draw_day(roster, 199)
    again = draw_day(roster, 200)
    assert np.array_equal(alone.timestamp, again.timestamp)
    assert np.array_equal(alone.quantity_milli, again.quantity_milli)


def test_density_multiplies_events_and_leaves_credits(tmp_path: Path) -> None:
    thin, dense = (build_world(company(tmp_path, days=120, density=density)) for density in (1.0, 5.0))
    days = (build_roster(thin), build_roster(dense))
    events = [sum(len(draw_day(roster, day).feature) for day in range(120)) for roster in days]
    assert 3.0 < events[1] / events[0] < 6.0
    burnt = [float(sum(daily_credits(one)["credits"].to_pylist())) for one in (thin, dense)]
    assert burnt[1] == pytest.approx(burnt[0], rel=0.02)


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_equal_settings_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_product(build_world(company(tmp_path / name, accounts=12, days=60)))
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    write_product(build_world(SampleSettings(12, 60, 8, UNTIL, tmp_path / "other")))
    assert digest(tmp_path / "other") != digest(tmp_path / "one")


@pytest.mark.parametrize(("accounts", "days"), [(1, 30), (3, 60), (40, 60), (40, 90)])
def test_small_and_short_companies_work(tmp_path: Path, accounts: int, days: int) -> None:
    world = build_world(company(tmp_path, accounts=accounts, days=days))
    write_product(world)
    assert all((drop_folder(world.settings, "product", day) / "tracks-000.jsonl.gz").exists() for day in range(days))


def test_too_short_a_window_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least"):
        build_world(company(tmp_path, days=10))
