"""A company by hand whose every record is a trap, in the real export shapes, with a canary in each personal field.

`sample/` makes a believable company; this one is hostile on purpose: names that break SQL, CSV, HTML and chat,
hierarchies that bite their own tail, three currencies, money that goes back and forth, tickets that die every
death, usage in shapes that divide by zero.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pipelines.config import PROJECT_ROOT
from pipelines.landing.contract import load_contract
from pipelines.sample.draws import salesforce_id

FIRST, LAST = date(2026, 2, 2), date(2026, 5, 10)
CANARY_MAIL = "canary.5b1f@leak-check.example"
CANARY_NAME = "Canary Q. Leakcheck"
CANARY_SECRET = "sk_live_canary_0f5e1c77"
CANARIES = (CANARY_MAIL, CANARY_NAME, CANARY_SECRET)

AWKWARD_NAMES = (
    "Robert'); drop table accounts;--",
    '=HYPERLINK("http://leak.example","click")',
    "<!channel> & <b>bold</b>",
    "\u202eesreveR \U0001f980 GmbH",
    'two\nlines, one "name"',
    "N" * 3000,
    "null",
)


def crm_id(serial: int) -> str:
    """The 18-character id of an Account."""
    return salesforce_id("001", serial)


def at(day: date, hour: float = 9.0) -> datetime:
    """A moment of a day, UTC."""
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour)


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def epoch(day: date, hour: float = 9.0) -> int:
    return int(at(day, hour).timestamp())


class Drops:
    """Collects records by system, table and drop day, and writes them as the four systems would drop them."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str, date], list[Mapping[str, Any]]] = defaultdict(list)
        self._crm = {table.name: table for table in load_contract("crm", PROJECT_ROOT / "sources").tables}

    def add(self, system: str, name: str, day: date, record: Mapping[str, Any]) -> None:
        self._records[system, name, day].append(record)

    def add_crm(self, name: str, table: str, day: date, **values: Any) -> None:
        """A CRM row with every column of the contract; what is not given is empty."""
        stamps = {"CreatedDate": iso(at(FIRST)), "LastModifiedDate": iso(at(day)), "SystemModstamp": iso(at(day))}
        row = dict.fromkeys(self._crm[table].fields, "") | {"IsDeleted": "false"} | stamps | values
        self.add("crm", name, day, {field: row[field] for field in self._crm[table].fields})

    def write(self, exports: Path) -> None:
        endings = {"product": "jsonl", "billing": "jsonl", "zendesk": "ndjson", "crm": "csv"}
        for (system, name, day), records in self._records.items():
            path = exports / system / day.isoformat() / f"{name}.{endings[system]}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_csv(records) if system == "crm" else _lines(records), encoding="utf-8", newline="")


def _csv(records: list[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def _lines(records: list[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def write_company(exports: Path) -> None:
    """Writes the whole company below `exports`."""
    from tests.hostile import money, people, usage

    drops = Drops()
    people.add_crm_traps(drops)
    people.add_ticket_traps(drops)
    money.add_money_traps(drops)
    usage.add_usage_traps(drops)
    drops.write(exports)
