"""Draws the page as a PNG, in a process of its own: a crash, or a font that is in the way, is no end of a refresh.

python -m pipelines.briefing.picture TARGET < page.json
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_TEMPLATE = Path(__file__).parents[1] / "templates" / "briefing.typ"
_PIXELS_PER_INCH = (100, 80, 60)  # the finest that fits
_MOST_BYTES = 2_000_000
_SECONDS = 120


def draw(page: str, target: Path) -> None:
    """Writes the page, given as JSON, to `target`.

    Raises:
        subprocess.SubprocessError: it could not be drawn, or not in time.
        OSError: `target` cannot be written.
    """
    command = [sys.executable, "-m", "pipelines.briefing.picture", str(target)]
    subprocess.run(command, input=page, text=True, encoding="utf-8", capture_output=True, check=True, timeout=_SECONDS)


def main() -> None:
    """Draws what comes in."""
    import typst

    page = sys.stdin.buffer.read().decode()
    # Values go in as data, which the typesetter never reads as markup.
    compiler = typst.Compiler(_TEMPLATE, sys_inputs={"page": page})
    image = b""
    for fineness in _PIXELS_PER_INCH:
        drawn = compiler.compile(format="png", ppi=fineness)
        if not isinstance(drawn, bytes):
            raise TypeError("more than one page")
        image = drawn
        if len(image) < _MOST_BYTES:
            break
    Path(sys.argv[1]).write_bytes(image)


if __name__ == "__main__":
    main()
