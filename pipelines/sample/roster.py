"""The world as arrays that a day's events are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.delivery import DAY_MS, draw_skew
from pipelines.sample.draws import Purpose, draw
from pipelines.sample.features import Features, load_features
from pipelines.sample.model import World
from pipelines.sample.names import BY_CODE
from pipelines.sample.teams import USE_CASES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Roster:
    """The world as arrays: users, and slots (one use case in one workspace), slots in order of workspace."""

    world: World
    features: Features
    user_account: Ints
    user_workspace: Ints
    user_first: Ints
    user_last: Ints
    user_activity: Floats
    user_focus: Floats  # which use case of the workspace a user mostly works on, as a place in 0-1
    user_skew: Ints
    user_start: Ints  # millisecond of the day at which the user's working day mostly begins
    workspace_account: Ints
    slot_account: Ints
    slot_workspace: Ints
    slot_use_case: Ints
    slot_first: Ints
    slot_last: Ints
    slot_weight: Floats


def build_roster(world: World) -> Roster:
    """Turns the world's people and teams into arrays."""
    rng = draw(world.settings.seed, Purpose.USAGE)
    users = world.users
    slots = [
        (
            team.account_index,
            team.index,
            USE_CASES.index(use_case),
            first,
            last,
            team.weights.get(use_case, 1.0),
        )
        for team in world.workspaces
        for use_case, (first, last) in team.use_cases.items()
    ]
    offset = np.array([BY_CODE[account.country].utc_offset for account in world.accounts], dtype=np.int64)
    account = np.array([user.account_index for user in users], dtype=np.int64)
    starts = rng.normal(9.5, 1.2, len(users)) - offset[account]
    return Roster(
        world=world,
        features=load_features(),
        user_account=account,
        user_workspace=np.array([user.workspace_index for user in users], dtype=np.int64),
        user_first=np.array([user.first_day for user in users], dtype=np.int64),
        user_last=np.array([user.last_day for user in users], dtype=np.int64),
        user_activity=np.array([user.activity for user in users], dtype=np.float64),
        user_focus=rng.random(len(users)),
        user_skew=draw_skew(rng, len(users)),
        user_start=(starts * 3_600_000).astype(np.int64) % DAY_MS,
        workspace_account=np.array([team.account_index for team in world.workspaces], dtype=np.int64),
        slot_account=np.array([slot[0] for slot in slots], dtype=np.int64),
        slot_workspace=np.array([slot[1] for slot in slots], dtype=np.int64),
        slot_use_case=np.array([slot[2] for slot in slots], dtype=np.int64),
        slot_first=np.array([slot[3] for slot in slots], dtype=np.int64),
        slot_last=np.array([slot[4] for slot in slots], dtype=np.int64),
        slot_weight=np.array([slot[5] for slot in slots], dtype=np.float64),
    )
