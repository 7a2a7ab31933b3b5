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
from typing import Any, ClassVar

from pipelines.quality.facts import failed_days, take_measures
from pipelines.quality.site import publish_site

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
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
    from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
finally:
    sys.meta_path.remove(_lazily)
IMPORT_SECONDS = time.monotonic() - _started


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Great Expectations does not support DuckDB: it reads a result after giving its connection back to the pool,
    where DuckDB's dialect has dropped the rows. Frozen results are read before.
    """

    def execute_query(self, query: Any) -> Any:
        """The whole result, detached from the connection."""
        with self.get_connection() as connection:
            return connection.execute(query).freeze()()


class DuckDBDatasource(SQLDatasource):
    """A SQL datasource whose engine is the one above; its class registers it as `add_duck_db`."""

    type: Any = "duck_db"

    @property
    def execution_engine_type(self) -> Any:
        """The engine."""
        return DuckDBExecutionEngine


class DropDaysHold(UnexpectedRowsExpectation):
    """No drop day is found by the query; the days that are, are named."""

    # the count of the rows would run the query once more
    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        days = sorted(str(row["drop_date"]) for row in metrics["unexpected_rows_query.table"])
        more = len(days) - _NAMED_DAYS
        named = ", ".join(days[:_NAMED_DAYS]) + (f" and {more} more" if more > 0 else "")
        return {"success": not days, "result": {"observed_value": named or "holds"}}


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Measures the landed rows, validates, builds Data Docs.

    Args:
        request: `warehouse` and `site` (paths), `run_id`, `statements` (label, SQL), and `suites`: `system`,
            `day_table` and `expectations`, each with `id`, `severity`, `description` and `failed_days` (SQL).

    Returns:
        `seconds` by part, and `results`: one record an expectation, with the days on which it failed.
    """
    seconds = {"import": IMPORT_SECONDS}
    suites = request["suites"]
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    # a database in memory that all connections share; the warehouse itself is open only while it is measured
    source = context.data_sources.add_duck_db("landed", connection_string="duckdb:///:memory:gate")
    with source.get_engine().connect() as pooled:
        connection = pooled.connection.driver_connection
        started = time.monotonic()
        take_measures(connection, request["warehouse"], request["statements"])
        seconds["measure"] = time.monotonic() - started

        started = time.monotonic()
        # a name that parses as a time is read as one, and the end of a run id as its UTC offset, which may be absurd
        identifier = gx.RunIdentifier(run_name=f"run {request['run_id']}")
        outcome = _checkpoint(context, source, suites).run(run_id=identifier)
        seconds["validate"] = time.monotonic() - started
        results = failed_days(connection, suites)
    _require_agreement(outcome, results)
    started = time.monotonic()
    publish_site(context, Path(request["site"]), str(request["run_id"]), results)
    seconds["docs"] = time.monotonic() - started
    return {"seconds": seconds, "results": results}


def _checkpoint(context: Any, source: Any, suites: Sequence[dict[str, Any]]) -> Any:
    definitions = []
    for suite in suites:
        asset = source.add_table_asset(f"raw_{suite['system']}", table_name=suite["day_table"])
        expectations = gx.ExpectationSuite(
            name=suite["system"],
            expectations=[
                DropDaysHold(
                    unexpected_rows_query=f"select drop_date from {{batch}} where {item['failed_days']}",
                    severity=item["severity"],
                    description=f"{item['severity']}: {item['description']}",
                    meta={"id": item["id"]},
                )
                for item in suite["expectations"]
            ],
        )
        definition = gx.ValidationDefinition(
            name=suite["system"],
            data=asset.add_batch_definition_whole_table("landed"),
            suite=context.suites.add(expectations),
        )
        definitions.append(context.validation_definitions.add(definition))
    return context.checkpoints.add(
        gx.Checkpoint(name="gate", validation_definitions=definitions, result_format=ResultFormat.BASIC)
    )


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
