"""Writes the sample company's Stripe exports: one folder a drop day, one JSONL file an object type.

Every customer's billing is simulated on its own, from the first invoice to the last payment in the window;
whatever changed on a day is exported with its state at the end of that day.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.sample.billing_addons import plan_add_on
from pipelines.sample.billing_book import Book, Rank
from pipelines.sample.billing_catalog import Catalog, build_catalog
from pipelines.sample.billing_cycle import start_main, start_second
from pipelines.sample.billing_files import DropFiles
from pipelines.sample.billing_habits import draw_habits
from pipelines.sample.billing_meters import usage_by_account, write_summaries
from pipelines.sample.billing_state import Customer
from pipelines.sample.billing_time import HOUR, Calendar, object_id
from pipelines.sample.billing_truth import book_truth
from pipelines.sample.draws import Purpose, draw
from pipelines.sample.model import SampleAccount, World
from pipelines.sample.stripe_objects import meter_object, price_object, product_object

_CATALOG, _DECISIONS, _IDS, _APART, _APART_IDS = 101, 102, 103, 104, 105
"""Purposes of this module's random generators, apart from those in `draws.Purpose`."""


def write_billing(world: World, daily_credits: pa.Table) -> dict[int, dict[str, object]]:
    """Writes `<exports>/billing` and returns planted facts by account index.

    `daily_credits` has account_index, use_case_id, day of the usage and credits. With a further column
    received_day a meter summary is dropped again, under its old id, whenever late usage raises it; invoices
    always hold the whole usage of their month.
    Raises ValueError for a currency or a use case that the price book does not know.
    """
    settings = world.settings
    calendar = Calendar(settings.start, settings.days)
    files = DropFiles(settings.exports / "billing", calendar, "jsonl")
    catalog = build_catalog(calendar, np.random.default_rng([settings.seed, _CATALOG]))
    _write_catalog(catalog, files, calendar)
    truth: dict[int, dict[str, object]] = {}
    usage = dict(usage_by_account(daily_credits, calendar, catalog))
    for account in world.accounts:
        if account.stripe_customer_id is not None:
            book = _open_book(world, account, usage.get(account.index, {}), calendar, catalog, files)
            book.run()
            truth[account.index] = book_truth(book)
    write_summaries(world, daily_credits, calendar, catalog, files)
    files.flush()
    return truth


def _open_book(
    world: World,
    account: SampleAccount,
    usage: dict[str, NDArray[np.int64]],
    calendar: Calendar,
    catalog: Catalog,
    files: DropFiles,
) -> Book:
    seed = world.settings.seed
    rng = np.random.default_rng([seed, _DECISIONS, account.index])
    ids = np.random.default_rng([seed, _IDS, account.index])
    disputes = draw(seed, Purpose.DISPUTE, account.index)
    habits = draw_habits(account, calendar, rng)
    customer = _customer(account, calendar, rng, ids)
    apart = (
        np.random.default_rng([seed, _APART, account.index]),
        np.random.default_rng([seed, _APART_IDS, account.index]),
    )
    book = Book(account, customer, calendar, catalog, habits, usage, rng, ids, disputes, files, apart, seed)
    book.at(account.signup_day, Rank.START, partial(start_main, book))
    if habits.second_start_day is not None:
        book.at(habits.second_start_day, Rank.START, partial(start_second, book))
    plan_add_on(book)
    return book


def _customer(
    account: SampleAccount, calendar: Calendar, rng: np.random.Generator, ids: np.random.Generator
) -> Customer:
    links = account.identity_links
    metadata: dict[str, str] = {}
    if "stripe_metadata_org_id" in links:
        metadata["org_id"] = links["stripe_metadata_org_id"]
    if "stripe_metadata_crm_account_id" in links:
        metadata["crm_account_id"] = links["stripe_metadata_crm_account_id"]
    draw = float(rng.random())
    mailbox = ("billing", "accounts.payable", "finance")[int(rng.integers(3))]
    email = f"{mailbox}@{account.domain}" if draw < 0.85 else None
    if draw >= 0.95:
        email = f"{account.domain.split('.')[0]}.invoices@gmail.com"
    return Customer(
        id=account.stripe_customer_id or "",
        name=account.name,
        email=email,
        currency=account.currency,
        country=account.country,
        created=calendar.epoch(account.signup_day, 7 * HOUR),
        prefix=object_id("", ids, 8).upper(),
        metadata=metadata,
    )


def _write_catalog(catalog: Catalog, files: DropFiles, calendar: Calendar) -> None:
    """Drops the price book on the first day, and the new seat price for growth customers when it came."""
    for product in catalog.products.values():
        files.add("products", 0, product_object(product, True, product.created))
    for meter in catalog.meters.values():
        files.add("meters", 0, meter_object(meter))
    changed = catalog.price_change_day
    for price in catalog.prices.values():
        is_later = price.key == "growth_seat_new"
        files.add("prices", changed if is_later else 0, price_object(price, has_tiers=True))
        if price.key == "growth_seat":
            files.add("prices", changed, price_object(price, is_active=False, has_tiers=True))
