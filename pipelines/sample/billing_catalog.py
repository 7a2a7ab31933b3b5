"""The price book: products, prices and meters that every subscription of the sample company draws on."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np

from pipelines.sample.billing_state import Price
from pipelines.sample.billing_time import Calendar, object_id
from pipelines.sample.rating import CREDIT_CENTS, CURRENCIES, Tier, minor_units, round_half_up

_SEEDS = Path(__file__).resolve().parents[2] / "seeds"

_TIERS = ((100, Decimal(1)), (1_000, Decimal("0.85")), (None, Decimal("0.7")))
"""Graduated list price of a month's credits of one use case, as shares of the credit's list price."""

_FLAT = (  # key, product, unit label, interval, US cents
    ("starter_seat", "Starter seat", "seat", "month", 2_000),
    ("growth_seat", "Growth seat", "seat", "month", 4_500),
    ("growth_seat_new", "Growth seat", "seat", "month", 4_900),
    ("growth_platform", "Growth platform fee", None, "month", 49_900),
    ("premium_support", "Premium support", None, "month", 29_900),
    ("enterprise_platform", "Enterprise platform fee", None, "year", 1_200_000),
    ("enterprise_seat", "Enterprise seat (included)", "seat", "month", 0),
)
COMMIT_PRODUCT = "Annual commit"
_ADD_ONS: dict[str, tuple[str, str, str, int | None, tuple[tuple[int | None, int], ...]]] = {
    # key: product, unit label, tiers mode, units of a package, last unit and US cents of each tier
    "viewer_licence": ("Viewer licence", "licence", "graduated", None, ((10, 900), (30, 700), (None, 450))),
    "api_key": ("API key", "key", "volume", None, ((5, 2_500), (20, 2_000), (None, 1_200))),
    "storage_pack": ("Storage pack", "terabyte", "per_unit", 10, ((None, 3_500),)),
}
ADD_ONS = tuple(_ADD_ONS)
"""Licences that are not sold at one price a unit: by graduated tiers, by volume, by packages."""


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold."""

    id: str
    name: str
    unit_label: str | None
    description: str
    created: int


@dataclass(frozen=True, slots=True)
class Meter:
    """Counts the credits of one use case."""

    id: str
    use_case_id: str
    name: str
    event_name: str
    created: int


@dataclass(slots=True)
class Catalog:
    """Everything that is on offer, with its ids."""

    products: dict[str, Product] = field(default_factory=dict)  # by name
    meters: dict[str, Meter] = field(default_factory=dict)  # by use case
    prices: dict[tuple[str, str], Price] = field(default_factory=dict)  # by key and currency
    price_change_day: int = 0  # from here on new growth customers pay `growth_seat_new`

    def price(self, key: str, currency: str) -> Price:
        return self.prices[key, currency]

    def metered(self, use_case_id: str, currency: str, is_negotiated: bool) -> Price:
        return self.prices[f"{'enterprise' if is_negotiated else 'list'}_{use_case_id}", currency]

    def commit(self, price_id: str, currency: str, amount: int, created: int) -> Price:
        """A price of its own for one contract, as sales sets it up."""
        product = self.products[COMMIT_PRODUCT]
        return Price(
            id=price_id,
            key="annual_commit",
            product_id=product.id,
            product_name=product.name,
            currency=currency,
            interval="year",
            unit_amount=Decimal(amount),
            tiers=(),
            meter_id=None,
            use_case_id=None,
            created=created,
        )


def build_catalog(calendar: Calendar, rng: np.random.Generator) -> Catalog:
    """Draws the ids of the price book and sets every list price."""
    catalog = Catalog(price_change_day=calendar.days // 2)
    opened = calendar.epoch(0) - 400 * 86_400
    for row in _use_cases():
        use_case, name, event = row["use_case_id"], row["use_case_name"], row["meter_event_name"]
        meter_id = object_id("mtr_61", rng)
        catalog.meters[use_case] = Meter(meter_id, use_case, f"{name} credits", event, opened)
        _add_product(catalog, f"{name} credits", "credit", f"Metered credits of {name.lower()}", opened, rng)
    for _, product_name, unit_label, _, _ in _FLAT:
        if product_name not in catalog.products:
            _add_product(catalog, product_name, unit_label, product_name, opened, rng)
    _add_product(catalog, COMMIT_PRODUCT, None, "Prepaid credits for one year", opened, rng)
    for currency in CURRENCIES:
        for key, product_name, _, interval, cents in _FLAT:
            created = calendar.epoch(catalog.price_change_day) if key == "growth_seat_new" else opened
            amount = Decimal(round_half_up(minor_units(cents, currency)))
            _add_price(catalog, key, product_name, currency, interval, amount, (), None, created, rng)
        for meter in catalog.meters.values():
            credit = minor_units(CREDIT_CENTS, currency)
            tiers = tuple(Tier(up_to, credit * share) for up_to, share in _TIERS)
            list_key, own_key = f"list_{meter.use_case_id}", f"enterprise_{meter.use_case_id}"
            _add_price(catalog, list_key, meter.name, currency, "month", None, tiers, meter, opened, rng)
            _add_price(catalog, own_key, meter.name, currency, "month", credit, (), meter, opened, rng)
    _add_add_ons(catalog, opened, rng)
    return catalog


def _add_add_ons(catalog: Catalog, created: int, rng: np.random.Generator) -> None:
    """Comes last, so that the ids of all others stay what they were."""
    for key, (name, label, mode, package, steps) in _ADD_ONS.items():
        _add_product(catalog, name, label, name, created, rng)
        for currency in CURRENCIES:
            tiers = tuple(Tier(last, Decimal(round_half_up(minor_units(cents, currency)))) for last, cents in steps)
            catalog.prices[key, currency] = Price(
                id=object_id("price_1", rng),
                key=key,
                product_id=catalog.products[name].id,
                product_name=name,
                currency=currency,
                interval="month",
                unit_amount=tiers[0].unit_amount if package else None,
                tiers=() if package else tiers,
                meter_id=None,
                use_case_id=None,
                created=created,
                tiers_mode=mode,
                package_size=package,
            )


def _use_cases() -> list[dict[str, str]]:
    with (_SEEDS / "use_cases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _add_product(
    catalog: Catalog,
    name: str,
    unit_label: str | None,
    description: str,
    created: int,
    rng: np.random.Generator,
) -> None:
    catalog.products[name] = Product(object_id("prod_", rng, 14), name, unit_label, description, created)


def _add_price(
    catalog: Catalog,
    key: str,
    product_name: str,
    currency: str,
    interval: str,
    unit_amount: Decimal | None,
    tiers: tuple[Tier, ...],
    meter: Meter | None,
    created: int,
    rng: np.random.Generator,
) -> None:
    catalog.prices[key, currency] = Price(
        id=object_id("price_1", rng),
        key=key,
        product_id=catalog.products[product_name].id,
        product_name=product_name,
        currency=currency,
        interval=interval,
        unit_amount=unit_amount,
        tiers=tiers,
        meter_id=meter.id if meter else None,
        use_case_id=meter.use_case_id if meter else None,
        created=created,
    )
