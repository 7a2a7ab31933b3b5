"""Zendesk Support objects as JSON lines, exported again on every day on which they change."""

from __future__ import annotations

import dlt
from dlt.extract import DltResource

from pipelines.landing.source import Batch, table_resources


@dlt.source(name="zendesk", max_table_nesting=0)
def zendesk_source(batch: Batch) -> list[DltResource]:
    """The tables of `sources/zendesk.yml`."""
    return table_resources(batch)
