"""Whether two answers are the same is judged rightly: the comparison of `make bi-test` on rows by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bi.superset import answers, check
from bi.superset.answers import difference, plain, received
from bi.superset.rest import Rows
from tests.dashboard.serving_files import small_book, write_serving


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (date(2026, 10, 31), 1793404800000.0),
        (Decimal("1444918.07"), 1444918.07),
        (35, 35.0),
        (Decimal("0.991256"), 0.991256),
        ("at_risk", "at_risk"),
        (None, None),
        (True, True),
    ],
)
def test_the_same_value_in_both_notations(ours: object, theirs: object) -> None:
    assert plain(ours) == plain(theirs)
    assert type(plain(ours)) is type(plain(theirs))


def test_one_column_a_series_is_one_row_a_series() -> None:
    rows: Rows = [{"segment": "grow", "healthy": 95.0, "watch": None}, {"segment": "land", "healthy": None, "watch": 2}]
    assert received(rows, ["segment", "health_band", "accounts"]) == [("grow", "healthy", 95), ("land", "watch", 2)]


def test_rows_are_taken_as_they_come() -> None:
    assert received([{"accounts": 3, "segment": "grow"}], ["segment", "accounts"]) == [("grow", 3)]
    assert received([], ["segment"]) == []


@pytest.mark.parametrize(
    ("got", "ordered", "words"),
    [
        ([("a", 1.0), ("b", 2.0)], True, None),
        ([("b", 2.0), ("a", 1.0)], False, None),
        ([("b", 2.0), ("a", 1.0)], True, "another order"),
        ([("a", 1.0), ("b", 2.01)], False, "missing"),
        ([("a", 1.0)], False, "1 rows for 2"),
        ([("a", 1.0), ("b", 2.0), ("b", 2.0)], False, "3 rows for 2"),
        ([("a", 1.0), ("b", 2.0), (None, None)], True, None),
    ],
)
def test_differences_are_found(got: answers.Cells, ordered: bool, words: str | None) -> None:
    wrong = difference([("a", 1.0), ("b", 2.0)], got, ordered)
    assert wrong is None if words is None else words in str(wrong)


def test_an_answer_comes_from_the_published_file(tmp_path: Path) -> None:
    serving = write_serving(tmp_path / "home", small_book()).serving
    assert answers.expected(serving, "revenue_at_risk") == (["monthly_revenue"], [(1000.0,)])
    assert answers.expected(serving, "accounts_at_risk") == (["accounts"], [(1.0,)])


def test_without_a_publish_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(tmp_path))
    monkeypatch.delenv("ACCOUNT_HEALTH_SERVING", raising=False)
    assert check.main() == 2
    assert "Run `make demo` first" in capsys.readouterr().err
