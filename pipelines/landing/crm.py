"""Salesforce objects as CSV, one file an object and drop day: rows whose SystemModstamp is on that day."""

from __future__ import annotations

import dlt
from dlt.extract import DltResource

from pipelines.landing.source import Batch, table_resources


@dlt.source(name="crm", max_table_nesting=0)
def crm_source(batch: Batch) -> list[DltResource]:
    """The tables of `sources/crm.yml`."""
    return table_resources(batch)
