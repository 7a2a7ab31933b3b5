"""What a record must keep to land, as SQL conditions that both ways of reading use.

The strict way only asks whether any rule is broken and then fails; the careful way asks which, to tell the
reason of each record that it rejects.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipelines.landing.contract import Column, Contract, Limits, Table
from pipelines.sql import quoted

READ_TYPES = {
    "varchar": "VARCHAR",
    "bigint": "DECIMAL(38, 9)",  # exact for any bigint, and keeps a fraction visible
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMPTZ",
    "date": "DATE",
    "json": "JSON",
}
"""The types in which files are read, by type of the contract; a session reads times without zone as its own
TimeZone, which must be UTC."""

EARLIEST, LATEST = "1900-01-01", "2200-01-01"
"""No date of a business lies before the one, or on and after the other: years like 0001 and 9999 stand for unknown."""

RULE_MARK = "a record breaks the contract"
"""Part of the error that a broken rule raises in the strict way."""

WRONG_TYPE, MISSING_KEY, MISSING_REQUIRED = "wrong_type", "missing_key", "missing_required"
OUT_OF_RANGE, FROM_THE_FUTURE, NOT_FINITE = "out_of_range", "from_the_future", "not_finite"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong with a column of a record.

    Attributes:
        condition: SQL over the columns of `q`; true when the rule is broken, else false or null.
        detail: what is wrong, without the value.
    """

    reason: str
    column: Column
    condition: str
    detail: str


def table_rules(contract: Contract, table: Table, day: str, first_day: date) -> list[Rule]:
    """All rules of a table, in the order in which a record's reason is chosen.

    Args:
        contract: gives the limits.
        table: the table.
        day: SQL expression of the record's drop day, a date.
        first_day: earliest of these days.
    """
    found: list[Rule] = []
    for column in table.columns:
        is_key = column.name in table.key
        if is_key:
            found += _key_rules(column)
        found += _value_rules(column)
        if column.is_past:
            found.append(_future_rule(column, contract.limits, day, first_day))
        if column.is_required and not is_key:
            found.append(Rule(MISSING_REQUIRED, column, f"{_name(column)} is null", "has no value"))
    return found


def _key_rules(column: Column) -> list[Rule]:
    name = _name(column)
    blank = f"{name} is null"
    if column.data_type != "varchar":
        return [Rule(MISSING_KEY, column, blank, "has no value")]
    # By their order: a text before '!' is empty or begins with a blank, one from '{' to '|' begins with '{'. That costs
    # next to nothing, and this is asked of every row.
    nulls = "'null', 'NULL', 'Null'"
    trimmed = f"trim({name}, ' ' || chr(9) || chr(13) || chr(10))"
    blank += f" or {name} in ({nulls}) or ({name} < '!' and {trimmed} in ('', {nulls}))"
    nested = f"({name} >= '{{' and {name} < '|') or ({name} >= '[' and {name} < chr(92))"
    return [
        Rule(MISSING_KEY, column, blank, "has no value"),
        Rule(WRONG_TYPE, column, nested, "is an object or a list"),
    ]


def _value_rules(column: Column) -> list[Rule]:
    name = _name(column)
    rules = []
    if column.data_type == "bigint":
        whole = f"{name} <> trunc({name}) or {name} < -9223372036854775808 or {name} > 9223372036854775807"
        rules.append(Rule(WRONG_TYPE, column, whole, "is not a whole number of 64 bits"))
    if column.data_type == "double":
        rules.append(Rule(NOT_FINITE, column, f"not isfinite({name})", "is not a finite number"))
    is_time = column.is_epoch or column.data_type in ("timestamp", "date")
    if is_time and not column.is_client_clock:
        window = f"{name} < {_begin(column, EARLIEST)} or {name} >= {_begin(column, LATEST)}"
        rules.append(Rule(OUT_OF_RANGE, column, window, f"is not between {EARLIEST} and {LATEST}"))
    return rules


def _future_rule(column: Column, limits: Limits, day: str, first_day: date) -> Rule:
    name, days = _name(column), limits.skew_days + 1
    # the constant lets most rows pass before their own day is looked at
    begin = _begin(column, (first_day + timedelta(days=days)).isoformat())
    since_1970 = f"({day} - cast('1970-01-01' as date) + {days})"
    own = f"epoch_us({name}) >= {since_1970} * 86400000000"
    if column.is_epoch:
        own = f"{name} >= {since_1970} * 86400"
    elif column.data_type == "date":
        own = f"{name} >= {day} + {days}"
    return Rule(FROM_THE_FUTURE, column, f"{name} >= {begin} and {own}", "lies after the drop day")


def _name(column: Column) -> str:
    return f"q.{quoted(column.name)}"


def _begin(column: Column, day: str) -> str:
    """The first moment of a day, in the column's own kind of time."""
    if column.is_epoch:
        return f"{int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())}"
    return f"cast('{day}' as date)" if column.data_type == "date" else f"cast('{day} 00:00:00+00' as timestamptz)"
