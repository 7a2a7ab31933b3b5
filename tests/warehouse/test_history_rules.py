"""What protects history that no rebuild brings back: rules on snapshots and incremental models, from the manifest."""

from __future__ import annotations

import copy
from typing import Any

import pytest

Manifest = dict[str, Any]


def broken_rules(manifest: Manifest) -> list[str]:
    """Each place where history could be lost or multiplied.

    A snapshot must compare listed columns (timestamps lie when a row leaves and returns), read a relation whose
    key is tested for nulls and duplicates before it runs (each would add a version every night), and survive a
    full refresh. No model may be microbatch: a retry after a partly failed full refresh loses its other batches.
    """
    found = []
    keyed = _keyed_relations(manifest)
    for node in manifest["nodes"].values():
        name, config = node["name"], node["config"]
        if node["resource_type"] == "snapshot":
            if config["strategy"] != "check" or not isinstance(config["check_cols"], list):
                found.append(f"{name}: strategy must be check, with listed columns")
            found += [f"{name}: the key of {parent} is not tested" for parent in _parents(node) if parent not in keyed]
        if config.get("incremental_strategy") == "microbatch":
            found.append(f"{name}: microbatch")
        if config.get("materialized") == "incremental" and config.get("on_schema_change") in (None, "ignore"):
            found.append(f"{name}: on_schema_change must be set")
    return found


def _parents(node: dict[str, Any]) -> list[str]:
    return [parent for parent in node["depends_on"]["nodes"] if not parent.endswith(".util_as_of")]


def _keyed_relations(manifest: Manifest) -> set[str]:
    """Relations with a `unique_key` test that fails the build; it counts null keys as well."""
    return {
        test["attached_node"]
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test"
        and (test.get("test_metadata") or {}).get("name") == "unique_key"
        and test["config"]["severity"].lower() == "error"
        and test["config"]["enabled"]
    }


def test_history_is_protected(manifest: Manifest) -> None:
    assert broken_rules(manifest) == []


def _snapshot(manifest: Manifest) -> dict[str, Any]:
    return next(node for node in manifest["nodes"].values() if node["resource_type"] == "snapshot")


def _timestamp(manifest: Manifest) -> None:
    _snapshot(manifest)["config"]["strategy"] = "timestamp"


def _all_columns(manifest: Manifest) -> None:
    _snapshot(manifest)["config"]["check_cols"] = "all"


def _untested(manifest: Manifest) -> None:
    parents = _parents(_snapshot(manifest))
    nodes = manifest["nodes"]
    for name in [name for name, node in nodes.items() if node.get("attached_node") in parents]:
        del nodes[name]


def _only_warns(manifest: Manifest) -> None:
    for node in manifest["nodes"].values():
        if (node.get("test_metadata") or {}).get("name") == "unique_key":
            node["config"]["severity"] = "warn"


def _microbatch(manifest: Manifest) -> None:
    incremental = next(n for n in manifest["nodes"].values() if n["config"].get("materialized") == "incremental")
    incremental["config"]["incremental_strategy"] = "microbatch"


@pytest.mark.parametrize("mutate", [_timestamp, _all_columns, _untested, _only_warns, _microbatch])
def test_each_rule_can_fail(manifest: Manifest, mutate: Any) -> None:
    mutated = copy.deepcopy(manifest)
    mutate(mutated)
    assert broken_rules(mutated) != []
