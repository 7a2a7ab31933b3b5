"""Stripe objects as JSON lines. Two API generations occur: a key of one is null in the files of the other."""

from __future__ import annotations

import dlt
from dlt.extract import DltResource

from pipelines.landing.source import Batch, table_resources


@dlt.source(name="billing", max_table_nesting=0)
def billing_source(batch: Batch) -> list[DltResource]:
    """The tables of `sources/billing.yml`."""
    return table_resources(batch)
