"""Data Docs as a folder that opens from disk: nothing in it asks the network for anything."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

_STYLE = (Path(__file__).parent / "data_docs.css").read_text(encoding="utf-8")

# Great Expectations' pages load styles, scripts and a logo from eight hosts. They read well without.
_REMOTE = re.compile(
    r"""<script\b.*?</script>|<(?:link|img)\b[^>]*(?:href|src)\s*=\s*["']?https?:[^>]*>|<footer\b.*?</footer>""",
    re.DOTALL | re.IGNORECASE,
)


_REMOTE_IN_STYLES = re.compile(r"""url\(\s*["']?https?:[^)]*\)""", re.IGNORECASE)


def publish_site(context: Any, folder: Path, run_id: str, results: Sequence[dict[str, Any]]) -> None:
    """Builds the site of the context's validations and puts it in the place of the one before.

    Args:
        context: the data context that has validated.
        folder: where the site lies.
        run_id: the run in the log.
        results: one record an expectation: `system`, `severity`, `description`, `days`.
    """
    building, old = (folder.with_name(f"{folder.name}.{suffix}") for suffix in ("next", "old"))
    for leftover in (building, old):
        shutil.rmtree(leftover, ignore_errors=True)
    context.add_data_docs_site(
        "local",
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "show_cta_footer": False},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(building)},
        },
    )
    context.build_data_docs(site_names=["local"])
    for page in building.rglob("*.html"):
        page.write_text(offline(page.read_text(encoding="utf-8")), encoding="utf-8")
    # Theirs is filled by scripts.
    (building / "index.html").write_text(_index(building, run_id, results), encoding="utf-8")
    if folder.exists():
        folder.rename(old)
    building.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def offline(html: str) -> str:
    """A page without what it would load from elsewhere, and with a style of its own."""
    local = _REMOTE_IN_STYLES.sub("none", _REMOTE.sub("", html))
    return local.replace("</head>", f"<style>\n{_STYLE}</style>\n</head>", 1)


def _index(site: Path, run_id: str, results: Sequence[dict[str, Any]]) -> str:
    systems = list(dict.fromkeys(str(result["system"]) for result in results))
    sections = "\n".join(_section(site, system, results) for system in systems)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Data Docs</title>
<style>
{_STYLE}</style>
</head><body>
<h1>What landed, against what it must hold</h1>
<p>Run {escape(run_id)}. A critical failure stops the refresh, a warning marks the drop day, info is reported.</p>
{sections}
</body></html>
"""


def _section(site: Path, system: str, results: Sequence[dict[str, Any]]) -> str:
    own = [result for result in results if result["system"] == system]
    failed = [result for result in own if result["days"]]
    pages = sorted((site / "validations" / system).rglob("*.html"))
    link = escape(pages[0].relative_to(site).as_posix()) if pages else ""
    rows = "".join(
        f"<tr><td>{escape(result['severity'])}</td><td>{escape(result['description'])}</td>"
        f"<td>{len(result['days'])}</td></tr>\n"
        for result in failed
    )
    table = f"<table><tr><th>Severity</th><th>Failed</th><th>Drop days</th></tr>\n{rows}</table>" if failed else ""
    state = "text-danger" if failed else "text-success"
    return (
        f'<h2><span class="{state}"></span> {escape(system)}</h2>\n'
        f"<p>{len(own) - len(failed)} of {len(own)} expectations hold."
        f' <a href="{link}">Results</a>, <a href="expectations/{escape(system)}.html">suite</a>.</p>\n{table}'
    )
