"""Peak memory of a process since it was last forgotten, in megabytes."""

from __future__ import annotations

import contextlib
import resource
import sys
from pathlib import Path


def forget_peak() -> None:
    """From now on `peak_mb` of this process counts anew, where the kernel can do that (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_mb(pid: int | None = None) -> float | None:
    """The most memory that a process held at one time: this one, or a running child; None when nobody can tell."""
    try:
        status = Path(f"/proc/{pid or 'self'}/status").read_text()
    except OSError:
        if pid is not None:
            return None
        unit = 1e6 if sys.platform == "darwin" else 1e3
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)
    peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")), None)
    return None if peak is None else round(int(peak) / 1e3, 1)
