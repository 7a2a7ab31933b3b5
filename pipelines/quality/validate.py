"""The Great Expectations half of the gate: suites, one checkpoint over them, Data Docs.

Only the gate's own process imports this module (see `__main__`): the import takes ten seconds of CPU.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from pipelines.quality.measure import day_table, measure
from pipelines.quality.scope import Scope
from pipelines.quality.site import publish_site
from pipelines.quality.suites import Expectation, Suite, load_suites

_NAMED_DAYS = 5


class _Lazily(importlib.abc.MetaPathFinder):
    """Lets the named modules be executed when they are first used, which for us is never.

    Two expectations about distributions, which no suite has, make Great Expectations import scipy.stats and altair: a
    quarter of the time and a third of the memory of its import.
    """

    def __init__(self, *names: str) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The ordinary spec with a lazy loader around its own."""
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target) if fullname in self._names else None
        if spec is not None and spec.loader is not None:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


_started = time.monotonic()
_lazily = _Lazily("altair", "scipy.stats")
sys.meta_path.insert(0, _lazily)
try:
    import great_expectations as gx
    from great_expectations.core.result_format import ResultFormat
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.expectations import UnexpectedRowsExpectation
finally:
    sys.meta_path.remove(_lazily)
IMPORT_SECONDS = time.monotonic() - _started


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc]
    """Great Expectations does not support DuckDB: it reads a result after giving its connection back to the pool,
    where DuckDB's dialect has dropped the rows. Frozen results are read before.
    """

    def execute_query(self, query: Any) -> Any:
        """The whole result, detached from the connection."""
        with self.get_connection() as connection:
            return connection.execute(query).freeze()()


class DuckDBDatasource(SQLDatasource):  # type: ignore[misc]
    """A SQL datasource whose engine is the one above; its class registers it as `add_duck_db`."""

    type: Any = "duck_db"

    @property
    def execution_engine_type(self) -> Any:
        """The engine."""
        return DuckDBExecutionEngine


class DropDaysHold(UnexpectedRowsExpectation):  # type: ignore[misc]
    """No drop day is found by the query; the days that are, are named."""

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        days = sorted(str(row["drop_date"]) for row in metrics["unexpected_rows_query.table"])
        count = metrics["unexpected_rows_query.row_count"]
        named = ", ".join(days[:_NAMED_DAYS]) + (", ..." if count > _NAMED_DAYS else "")
        return {"success": count == 0, "result": {"observed_value": f"{count} drop days: {named}" if count else "held"}}


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Looks at the landed rows in scope, validates, builds Data Docs.

    Args:
        request: `warehouse`, `contract_dir`, `suites_dir`, `site` (paths), `run_id`, and `scopes`.

    Returns:
        `scanned_rows`, `seconds` by part, and `results`: one record an expectation, with the days on which it failed.
    """
    scopes = [Scope.from_json(record) for record in request["scopes"]]
    suites = load_suites(
        [scope.system for scope in scopes], Path(request["contract_dir"]), Path(request["suites_dir"])
    )
    seconds = {"import": IMPORT_SECONDS}
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_duck_db("landed", connection_string="duckdb:///:memory:gate")
    with source.get_engine().connect() as pooled:
        connection = pooled.connection.driver_connection
        started = time.monotonic()
        path = str(request["warehouse"]).replace("'", "''")
        connection.execute(f"attach '{path}' as warehouse (read_only)")
        try:
            scanned = measure(connection, scopes, suites)
        finally:
            connection.execute("detach warehouse")
        connection.execute("set enable_external_access = false")
        seconds["measure"] = time.monotonic() - started

        started = time.monotonic()
        outcome = _checkpoint(context, source, suites).run(
            run_id=gx.RunIdentifier(run_name=str(request["run_id"]))
        )
        seconds["validate"] = time.monotonic() - started
        results = [_result(connection, suite, expectation) for suite in suites for expectation in suite.expectations]
    _require_agreement(outcome, results)
    started = time.monotonic()
    publish_site(context, Path(request["site"]))
    seconds["docs"] = time.monotonic() - started
    return {"scanned_rows": scanned, "seconds": seconds, "results": results}


def _checkpoint(context: Any, source: Any, suites: Sequence[Suite]) -> Any:
    definitions = []
    for suite in suites:
        asset = source.add_table_asset(f"raw_{suite.system}", table_name=day_table(suite.system))
        expectations = context.suites.add(gx.ExpectationSuite(name=suite.system))
        expectations.expectations = [
            DropDaysHold(
                unexpected_rows_query=f"select drop_date, measured, compared_with from {{batch}} where {_fails(item)}",
                severity=item.severity,
                description=f"{item.severity}: {item.description}",
                meta={"id": item.id},
            )
            for item in suite.expectations
        ]
        expectations.save()
        definitions.append(
            context.validation_definitions.add(
                gx.ValidationDefinition(
                    name=suite.system, data=asset.add_batch_definition_whole_table("landed"), suite=expectations
                )
            )
        )
    return context.checkpoints.add(
        gx.Checkpoint(name="gate", validation_definitions=definitions, result_format=ResultFormat.BASIC)
    )


def _fails(expectation: Expectation) -> str:
    return f"expectation = '{expectation.id}' and {expectation.fails_when}"


def _result(connection: Any, suite: Suite, expectation: Expectation) -> dict[str, Any]:
    """With all days: Great Expectations hands out the first 200 rows only."""
    days = connection.execute(
        f"select drop_date, measured, compared_with from {day_table(suite.system)}"
        f" where {_fails(expectation)} order by drop_date"
    ).fetchall()
    return {
        "system": suite.system,
        "id": expectation.id,
        "days": [[day.isoformat(), measured, compared_with] for day, measured, compared_with in days],
    }


def _require_agreement(outcome: Any, results: Sequence[dict[str, Any]]) -> None:
    """A query that could not run fails its expectation without a day: that is no verdict on the data."""
    verdicts = {
        (validation.suite_name, item.expectation_config.meta["id"]): item
        for validation in outcome.run_results.values()
        for item in validation.results
    }
    for result in results:
        item = verdicts[result["system"], result["id"]]
        if bool(item.success) == bool(result["days"]):
            raise RuntimeError(f"{result['system']} {result['id']} could not be evaluated")
