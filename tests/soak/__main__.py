"""The command line of the soak; see the package."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.soak.kills import soak_kills
from tests.soak.nights import soak_nights


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Long tests, outside of make test.")
    parser.add_argument("what", nargs="?", choices=["kills", "nights", "all"], default="all")
    parser.add_argument("--kills", type=int, default=30, help="kills -9 at random moments (default 30)")
    parser.add_argument("--nights", type=int, default=100, help="nights that are replayed (default 100)")
    parser.add_argument("--accounts", type=int, default=15, help="accounts of the company (default 15)")
    parser.add_argument("--seed", type=int, help="replays the run that printed it (default: a new one)")
    parser.add_argument("--folder", type=Path, help="where homes are kept afterwards (default: a temporary folder)")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="soak-") as temporary:
        folder = options.folder or Path(temporary)
        if options.what in ("kills", "all"):
            found += soak_kills(folder / "kills", options.kills, options.accounts, seed)
        if options.what in ("nights", "all"):
            found += soak_nights(folder / "nights", options.nights, options.accounts, seed)
    for line in found:
        print(f"DIFFERENT {line}", flush=True)
    print("everything is equal" if not found else f"{len(found)} differences; seed {seed}", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
