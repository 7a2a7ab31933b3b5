"""The frame of the dashboard: which pages there are, what they are of, and that they follow each publish.

`make dashboard` starts it. Each page is a script in `views/`; its numbers come from `queries/<page>_*.sql`.
"""

from __future__ import annotations

import duckdb
import streamlit as st

from dashboard.serving import NothingPublishedError, current_stamp, select
from dashboard.widgets import STYLE, carried
from dashboard.words import plain
from pipelines.words import count, day, moment

PAGES = {
    "book": "Book",
    "account": "Account",
    "revenue": "Revenue",
    "credits": "Credits",
    "expansion": "Expansion",
    "data_health": "Data health",
}
CHECK_SECONDS = 10


@st.fragment(run_every=CHECK_SECONDS)
def follow_publishes() -> None:
    """Runs the page again when a refresh has published: whoever leaves it open sees the new night."""
    try:
        stamp = current_stamp()
    except NothingPublishedError:
        return  # the page says so itself
    if st.session_state.setdefault("stamp", stamp) != stamp:
        st.session_state["stamp"] = stamp
        st.rerun()


def header(pages: dict[str, st.Page]) -> None:
    """Links to the pages, the day that everything is of, and a warning while a broken feed holds scores."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for key, page in pages.items():
            st.page_link(page, label=PAGES[key], query_params=carried())
        publish = select("publish").iloc[0]
        st.caption(f"As of {day(publish['as_of_date'])} · published {moment(publish['published_at'])}")
    if publish["provisional_accounts_count"]:
        st.warning(
            f"Provisional scores: {count(publish['provisional_accounts_count'])}. They hold their last trusted value,"
            f" or none: {plain(publish['provisional_reason'])}"
        )


def main() -> None:
    """Draws the page that the address names."""
    st.set_page_config(page_title="Account health", layout="wide")
    st.html(STYLE)
    pages = {key: st.Page(f"views/{key}.py", title=PAGES[key], url_path=key, default=key == "book") for key in PAGES}
    page = st.navigation(list(pages.values()), position="hidden")
    try:
        follow_publishes()
        header(pages)
        page.run()
    except NothingPublishedError as error:
        st.info(plain(str(error)))
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        st.error(f"This file was published by another version: publish anew. {plain(str(error).splitlines()[0])}")


if __name__ == "__main__":
    main()
