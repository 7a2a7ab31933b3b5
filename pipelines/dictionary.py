"""Writes what people look up about the published tables: `docs/data-dictionary.md` and `docs/metrics.md`.

Everything comes from the YAML beside the models, which dbt reads too; a test fails while the pages are older than it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pipelines.config import PROJECT_ROOT

DICTIONARY = "docs/data-dictionary.md"
METRICS = "docs/metrics.md"
_HEAD = "`make docs` writes this page from the YAML beside the models; do not edit it.\n"
_DICTIONARY_INTRO = """\
Published tables by area, then the seeds. Amounts end in `_usd`, shares of 1 in `_ratio`, percent in `_pct`, counts in
`_count`; times are UTC. The formulas of what people quote are in [metrics.md](metrics.md), the tables that lead up to
these in dbt's own documentation (`make docs`)."""
_METRICS_INTRO = """\
The numbers that people quote, as MetricFlow answers them from what is published:

```bash
export ACCOUNT_HEALTH_TARGET=serving DBT_PROFILES_DIR=.
uv run dbt --quiet parse
uv run mf query --metrics accounts,revenue,revenue_weighted_health --group-by account__segment
uv run mf query --saved-query book_by_owner
```

A state (accounts, revenue, open tickets, a balance) is taken on the last day of the period, never summed over days.
What accounts are cut by is how they are now; retention is also cut by what they were when the comparison began.
Definitions of retention, each with its source, are rows of the seed `retention_definitions`.
"""
_AREAS = {
    "core": "Accounts and owners",
    "health": "Health",
    "segments": "Segments",
    "signals": "Early signals",
    "usage": "Usage",
    "expansion": "Expansion",
    "revenue": "Revenue, credits and payments",
    "support": "Support",
    "quality": "Quality of data and identity",
    "metrics": "Roll-ups over many accounts",
    "seeds": "Seeds: what people decide",
}


def pages(root: Path = PROJECT_ROOT) -> dict[str, str]:
    """Path of each page below `root` -> its text."""
    return {DICTIONARY: _dictionary(root), METRICS: _metrics(root)}


def main() -> None:
    """Writes the pages."""
    for path, text in pages().items():
        (PROJECT_ROOT / path).write_text(text, encoding="utf-8")
        print(path)


def _dictionary(root: Path) -> str:
    lines = [
        "# Data dictionary",
        "",
        _HEAD,
        _DICTIONARY_INTRO,
        "",
    ]
    areas: dict[str, list[dict[str, Any]]] = {}
    for folder, kind in (("models/marts", "models"), ("models/metrics", "models"), ("seeds", "seeds")):
        for path, entry in _entries(root / folder, kind):
            area = path.relative_to(root / folder).parts[0] if folder == "models/marts" else Path(folder).name
            areas.setdefault(area, []).append(entry)
    unknown = sorted(set(areas) - set(_AREAS))
    if unknown:
        raise KeyError(f"{', '.join(unknown)}: give the folder a title in {Path(__file__).name}")
    for area, title in _AREAS.items():
        if area in areas:
            lines += [f"- [{title}](#{_anchor(title)}): " + ", ".join(f"`{entry['name']}`" for entry in areas[area])]
    for area, title in _AREAS.items():
        if area in areas:
            lines += ["", f"## {title}"]
            for entry in areas[area]:
                lines += _table(entry)
    return "\n".join(lines) + "\n"


def _table(entry: dict[str, Any]) -> list[str]:
    types = entry.get("config", {}).get("column_types", {})
    lines = ["", f"### {entry['name']}", "", _cell(entry["description"]), ""]
    lines += ["| column | type | what it is |", "|---|---|---|"]
    for column in entry["columns"]:
        kind = column.get("data_type") or types.get(column["name"], "")
        lines.append(f"| `{column['name']}` | {kind} | {_cell(column.get('description', ''))} |")
    return lines


def _metrics(root: Path) -> str:
    models: list[dict[str, Any]] = []
    metrics: list[dict[str, Any]] = []
    saved: list[dict[str, Any]] = []
    for path in sorted((root / "models" / "metrics" / "semantic").glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        models += content.get("semantic_models", [])
        metrics += content.get("metrics", [])
        saved += content.get("saved_queries", [])
    measures = {measure["name"]: (model, measure) for model in models for measure in model.get("measures", [])}
    lines = [
        "# Metrics",
        "",
        _HEAD,
        _METRICS_INTRO,
        "| metric | what it is | formula | table |",
        "|---|---|---|---|",
    ]
    lines += [_metric(metric, measures) for metric in sorted(metrics, key=lambda metric: str(metric["name"]))]
    lines += ["", "## What they are cut by", "", "| group by | table |", "|---|---|"]
    for model in models:
        entity = next((entity["name"] for entity in model["entities"] if entity["type"] == "primary"), None)
        prefix = entity or model.get("primary_entity")
        for dimension in model.get("dimensions", []):
            if dimension["type"] == "categorical":
                lines.append(f"| `{prefix}__{dimension['name']}` | `{_ref(model)}` |")
    lines += ["", "By time: `metric_time__day`, `metric_time__month` and so on.", "", "## Saved queries", ""]
    lines += ["| query | what it asks | metrics |", "|---|---|---|"]
    for query in saved:
        names = ", ".join(query["query_params"]["metrics"])
        lines.append(f"| `{query['name']}` | {_cell(query['description'])} | {names} |")
    return "\n".join(lines) + "\n"


def _metric(metric: dict[str, Any], measures: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> str:
    told = metric["type_params"]
    if metric["type"] == "ratio":
        formula, table = f"{told['numerator']} / {told['denominator']}", ""
    else:
        model, measure = measures[told["measure"]]
        formula = f"{measure['agg']}({measure.get('expr', measure['name'])})"
        if metric.get("filter"):
            formula += " where " + metric["filter"].replace("{{ Dimension('", "").replace("') }}", "")
        if "non_additive_dimension" in measure:
            formula += ", last day"
        table = f"`{_ref(model)}`"
    return f"| `{metric['name']}` | {_cell(metric['description'])} | {_cell(formula)} | {table} |"


def _entries(folder: Path, kind: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(folder.rglob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get(kind, []):
            yield path, entry


def _ref(model: dict[str, Any]) -> str:
    return str(model["model"]).removeprefix("ref('").removesuffix("')")


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _anchor(title: str) -> str:
    return "".join(char for char in title.lower().replace(" ", "-") if char.isalnum() or char == "-")


if __name__ == "__main__":
    main()
