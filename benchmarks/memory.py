"""Peak memory of landing and of a full build at many events."""

from __future__ import annotations

from benchmarks.measure import python, run
from benchmarks.nightly import company
from benchmarks.workspace import Workspace, disk_mb, land_env, land_step

ACCOUNTS, DAYS = 5000, 730
_EVENTS_AT_DENSITY_1 = 14_000_000  # of that company, about
_GB_A_MILLION = 0.6  # of exports, the warehouse and what the engine spills


def measure_memory(workspace: Workspace, events: int, limit: str) -> None:
    """Lands a company of about so many events and builds it, DuckDB told to use at most `limit`."""
    workspace.require_space(_GB_A_MILLION * events / 1e6)
    exports = company(workspace, ACCOUNTS, DAYS, round(events / _EVENTS_AT_DENSITY_1, 3))
    home = workspace.fresh("memory")
    env = land_env(home, exports, ACCOUNT_HEALTH_MEMORY=limit)
    costs, rows = {}, 0
    for step in ("land", "build"):
        cost = run(python("pipelines", step), workspace.logs / f"memory_{step}.log", env, home)
        print(f"  {step}: {cost.cpu:.0f} s CPU, {cost.wall:.0f} s, {cost.peak_mb:.0f} MB", flush=True)
        costs[step] = [cost]
        if step == "land":
            rows = land_step(home)["facts"]["product"]["rows"]
    facts = {"rows": rows, "warehouse_mb": round(disk_mb([home / "warehouse.duckdb"]))}
    parameters = {"accounts": ACCOUNTS, "days": DAYS, "events": events, "limit": limit}
    workspace.save(f"memory-{events // 1000}k", parameters, costs, facts)
    workspace.clear_scratch()
