"""Superset's settings for `make bi-test`: nothing but this machine, nothing that outlives the test."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(os.environ["SUPERSET_HOME"])
SECRET_KEY = os.environ["BI_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_FOLDER / 'superset.db'}"
RATELIMIT_ENABLED = False
# A cache that would keep answers for an hour: the assets ask for none, and the test sees a publish at once.
DATA_CACHE_CONFIG = {"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 3600}
