"""The gate's own process: `python -m pipelines.quality REQUEST RESPONSE`, both JSON files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main(request_path: str, response_path: str) -> None:
    """Answers one request (see `validate.run`), or says in `error` why it could not."""
    request = json.loads(Path(request_path).read_text(encoding="utf-8"))
    from pipelines.quality.validate import run

    if os.getppid() != request["asked_by"]:
        sys.exit("whoever asked is gone")  # the warehouse belongs to the next refresh now
    try:
        answer = run(request)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    Path(response_path).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
