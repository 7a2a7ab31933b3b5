"""Fixtures that put the stand-ins of `fakes` in the place of landing, the gate's process and dbt."""

from __future__ import annotations

import pytest

from pipelines import steps
from pipelines.quality import gate
from tests.pipelines.fakes import FakeDbt, FakeLanding, FakeLook


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> FakeLook:
    """A gate that finds nothing wrong."""
    fake = FakeLook()
    monkeypatch.setattr(gate, "look_in_process", fake)
    return fake


@pytest.fixture
def landing(monkeypatch: pytest.MonkeyPatch, look: FakeLook) -> FakeLanding:
    """Landing that brings a day; the gate has nothing against it."""
    fake = FakeLanding()
    monkeypatch.setattr(steps, "land", fake)
    return fake


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> FakeDbt:
    """A dbt that builds a few marts at once."""
    fake = FakeDbt()
    monkeypatch.setattr(steps, "dbt_build", fake)
    return fake
