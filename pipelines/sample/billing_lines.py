"""Invoice lines: licensed items in advance, metered items in arrears, prorations of seat changes."""

from __future__ import annotations

from decimal import Decimal

from pipelines.sample.billing_book import Book
from pipelines.sample.billing_state import Item, Line, Price, Subscription
from pipelines.sample.rating import Tier, graduated, money_text, prorate, round_half_up, whole_credits

TIMES = "\u00d7"
"""The multiplication sign that the vendor puts between quantity and product."""


def _line(
    book: Book,
    subscription: Subscription,
    item: Item,
    description: str,
    quantity: int,
    unit_amount: Decimal,
    amount: int,
    period: tuple[int, int],
    is_proration: bool = False,
) -> Line:
    return Line(
        id=book.new_id("il_1"),
        item_id=item.id,
        subscription_id=subscription.id,
        price=item.price,
        description=description,
        quantity=quantity,
        unit_amount=unit_amount,
        amount=amount,
        period_start=period[0],
        period_end=period[1],
        is_proration=is_proration,
    )


def licensed_line(book: Book, subscription: Subscription, item: Item) -> Line:
    """A licensed item for the whole of its current period, in advance."""
    price, quantity = item.price, item.quantity or 0
    period, amount = (item.period_start, item.period_end), price.cost(quantity)
    unit = Decimal(price.amount) if price.unit_amount is not None else Decimal(amount) / max(1, quantity)
    each = money_text(round_half_up(unit), price.currency)
    text = f"{quantity} {TIMES} {price.product_name} (at {each} / {price.interval})"
    return _line(book, subscription, item, text, quantity, unit, amount, period)


def trial_line(book: Book, subscription: Subscription, item: Item) -> Line:
    """The line that shows a trial on the first invoice; it costs nothing."""
    text = f"Trial period for {item.quantity or 0} {TIMES} {item.price.product_name}"
    period = (item.period_start, item.period_end)
    return _line(book, subscription, item, text, item.quantity or 0, Decimal(0), 0, period)


def first_part_line(book: Book, subscription: Subscription, item: Item, whole_seconds: int) -> Line:
    """A licensed item for the rest of the month in which it starts."""
    quantity = item.quantity or 0
    period = (item.period_start, item.period_end)
    amount = prorate(item.price.cost(quantity), period[1] - period[0], whole_seconds)
    unit = Decimal(amount) / max(1, quantity) if item.price.tiers else Decimal(item.price.amount)
    text = f"Remaining time on {quantity} {TIMES} {item.price.product_name}"
    return _line(book, subscription, item, text, quantity, unit, amount, period, True)


def change_lines(
    book: Book,
    subscription: Subscription,
    item: Item,
    now: int,
    whole_seconds: int,
    quantity: int,
    price: Price | None = None,
) -> list[Line]:
    """The credit for the unused time of what is left, and the charge for the rest of a new quantity or price."""
    day = book.calendar.date_of(book.calendar.day_of(now)).strftime("%d %b %Y")
    period, lines = (now, item.period_end), []
    changes = (("Unused", item.price, item.quantity or 0, -1), ("Remaining", price or item.price, quantity, 1))
    for word, sold, units, sign in changes:
        amount = sign * prorate(sold.cost(units), item.period_end - now, whole_seconds)
        unit = Decimal(sold.cost(units)) / max(1, units) if sold.tiers else Decimal(sold.amount)
        text = f"{word} time on {units} {TIMES} {sold.product_name} after {day}"
        line = _line(book, subscription, item, text, units, unit, amount, period, True)
        line.price = sold
        lines.append(line)
    for line in lines:
        line.invoice_item_id = book.new_id("ii_1")
    lines[0].credited = item.invoiced
    return lines


def usage_lines(book: Book, subscription: Subscription, until: int, period: tuple[int, int]) -> list[Line]:
    """Metered items over the days up to `until` (excluded) that no invoice holds yet, one line a tier."""
    lines: list[Line] = []
    start = max(book.billed_until, 0)
    for item in subscription.items:
        price = item.price
        if price.use_case_id is None:
            continue
        micro = int(book.usage[price.use_case_id][start:until].sum())
        book.billed_micro[price.use_case_id] = book.billed_micro.get(price.use_case_id, 0) + micro
        tiers = price.tiers or (Tier(None, price.unit_amount or Decimal(0)),)
        for charge in graduated(whole_credits(micro), tiers):
            each = money_text(charge.unit_amount, price.currency)
            tier = f"Tier {charge.number} at" if price.tiers else "at"
            text = f"{charge.quantity} {TIMES} {price.product_name} ({tier} {each} / {price.interval})"
            line_period = (max(period[0], item.created), period[1])
            lines.append(
                _line(
                    book,
                    subscription,
                    item,
                    text,
                    charge.quantity,
                    charge.unit_amount,
                    charge.amount,
                    line_period,
                )
            )
    book.billed_until = max(book.billed_until, until)
    return lines


def copied_line(book: Book, line: Line) -> Line:
    """The same charge on another invoice, without the credits that were applied to it."""
    return Line(
        id=book.new_id("il_1"),
        item_id=line.item_id,
        subscription_id=line.subscription_id,
        price=line.price,
        description=line.description,
        quantity=line.quantity,
        unit_amount=line.unit_amount,
        amount=line.amount,
        period_start=line.period_start,
        period_end=line.period_end,
        is_proration=line.is_proration,
        invoice_item_id=line.invoice_item_id,
        credited=line.credited,
        discount=line.discount,
    )
