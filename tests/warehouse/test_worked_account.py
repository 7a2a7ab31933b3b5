"""The worked account of `docs/health-score.md` is what `account-health explain` says of it."""

from __future__ import annotations

import re

import pytest

from pipelines.config import Settings
from pipelines.explain import explain
from tests.warehouse.lints import PROJECT

PAGE = PROJECT / "docs" / "health-score.md"
COMMAND = re.compile(r'account-health explain "([^"]+)" --days (\d+)\n```\n\n(.*?)\nTake the first row', re.DOTALL)


@pytest.mark.slow
def test_the_page_says_what_explain_says(company: Settings) -> None:
    found = COMMAND.search(PAGE.read_text())
    assert found is not None
    account, days, told = found.groups()
    said = re.sub("(?m)^#", "###", str(explain(company.serving, account, int(days))))
    assert told == said, "explain it again and put it on the page"
