"""Product usage: Segment-shaped track, identify and group calls, as a customer data platform drops them."""

from __future__ import annotations

import dlt
from dlt.extract import DltResource

from pipelines.landing.source import Batch, table_resources


@dlt.source(name="product", max_table_nesting=0)
def product_source(batch: Batch) -> list[DltResource]:
    """The tables of `sources/product.yml`."""
    return table_resources(batch)
