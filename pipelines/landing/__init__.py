"""Landing: exports of the four systems become the append-only raw tables, by dlt, inside DuckDB.

from pipelines.landing import SYSTEMS, land

results = land(SYSTEMS, Settings.from_env(), until=date(2026, 10, 30))
"""

from pipelines.landing.contract import SYSTEMS
from pipelines.landing.errors import ContractError, ExportsMissingError, FileError, LandingError
from pipelines.landing.results import LandingResult, Progress, TableLanding
from pipelines.landing.runner import create_empty_raw, land

__all__ = [
    "SYSTEMS",
    "ContractError",
    "ExportsMissingError",
    "FileError",
    "LandingError",
    "LandingResult",
    "Progress",
    "TableLanding",
    "create_empty_raw",
    "land",
]
