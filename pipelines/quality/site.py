"""Data Docs as a folder that opens from disk: nothing in it asks the network for anything."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

_STYLE = (Path(__file__).parent / "data_docs.css").read_text(encoding="utf-8")

# Great Expectations' pages load styles, scripts and a logo from eight hosts. They read well without.
_REMOTE = re.compile(
    r"""<script\b.*?</script>|<(?:link|img)\b[^>]*(?:href|src)\s*=\s*["']?https?:[^>]*>|<footer\b.*?</footer>""",
    re.DOTALL | re.IGNORECASE,
)


def publish_site(context: Any, folder: Path) -> None:
    """Builds the site of the context's validations and puts it in the place of the one before."""
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
    if folder.exists():
        folder.rename(old)
    building.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def offline(html: str) -> str:
    """A page without what it would load from elsewhere, and with a style of its own."""
    return _REMOTE.sub("", html).replace("</head>", f"<style>\n{_STYLE}</style>\n</head>", 1)
