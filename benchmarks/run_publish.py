"""Publishes a built warehouse into another home: `python -m benchmarks.run_publish WAREHOUSE MANIFEST HOME MEMORY`.

The warehouse is only read: neither its run log nor its state says afterwards that it was published.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from pipelines.config import Settings
from pipelines.serving.publish import publish


def main() -> None:
    """Publishes and says how many bytes the file has."""
    warehouse, manifest, home, memory = sys.argv[1:]
    settings = replace(Settings.for_home(home), warehouse=Path(warehouse), memory=memory)
    result = publish(settings, Path(manifest), "benchmark")
    print(json.dumps({"bytes": result.bytes, "rows": result.rows}))


if __name__ == "__main__":
    main()
