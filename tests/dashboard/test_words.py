"""Values as the pages write them."""

from __future__ import annotations

import pytest

from dashboard.words import plain
from pipelines.words import change, money, name, percent, points, short_money


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (money(-1234.5), "-$1,234"),
        (money(-0.3), "$0"),
        (money(None), "–"),  # noqa: RUF001
        (short_money(34_499), "$34.5k"),
        (short_money(999), "$999"),
        (percent(1.0412), "104.1%"),
        (points(float("nan")), "–"),  # noqa: RUF001
        (change(0.0), "+0.0"),
        (name("at_risk"), "At risk"),
        (name("crm"), "CRM"),
        (plain("a_b [x](y) $5"), r"a\_b \[x\]\(y\) \$5"),
    ],
)
def test_values_are_written_for_people(written: str, expected: str) -> None:
    assert written == expected
