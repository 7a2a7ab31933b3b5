"""What a landing did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of the whole that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class TableLanding:
    """What one run landed into one table; `rejected` records of its files did not land."""

    table: str
    files: int
    rows: int
    bytes: int
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class LandingResult:
    """What one run did for one system.

    Attributes:
        load_id: dlt's load id; None when there was nothing new, or when the system failed.
        tables: every table of the contract, also those without a new file; empty when the system failed.
        newest_drop_date: newest drop day that has landed, now or before; None when nothing ever landed.
        warnings: one line each: fields and files outside the contract, changed files, accepted extracts.
        error: why the system failed, in one line; nothing of this run has landed for it then.
        seconds: wall-clock time.
    """

    system: str
    load_id: str | None = None
    tables: tuple[TableLanding, ...] = ()
    newest_drop_date: date | None = None
    warnings: tuple[str, ...] = ()
    error: str | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the system landed, be it nothing new."""
        return self.error is None

    @property
    def files(self) -> int:
        """Files landed by this run."""
        return sum(table.files for table in self.tables)

    @property
    def rows(self) -> int:
        """Rows landed by this run."""
        return sum(table.rows for table in self.tables)

    @property
    def rejected(self) -> int:
        """Records that this run rejected."""
        return sum(table.rejected for table in self.tables)
