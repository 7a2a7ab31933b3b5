"""Superset's REST interface: the answers of charts by their uuid, SQL as SQL Lab sends it, import of assets.

    SUPERSET_USER=... SUPERSET_PASSWORD=... python -m bi.superset.rest https://superset.example.com BUNDLE.zip

sends a bundle (`python -m bi.superset.assets --replace`) that replaces the assets that are there.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bi.superset.server import Superset

Rows = list[dict[str, Any]]

_BOUNDARY = "end-of-the-bundle-of-account-health"


class RefusedError(Exception):
    """Superset answered with an error; the message is its own."""


class Client:
    """Somebody who has logged in."""

    def __init__(self, superset: Superset) -> None:
        self._address = superset.address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        login = {"username": superset.user, "password": superset.password, "provider": "db"}
        token = self._call("security/login", login)["access_token"]
        self._opener.addheaders = [("Authorization", f"Bearer {token}")]
        self._opener.addheaders += [("X-CSRFToken", self._call("security/csrf_token/")["result"])]

    def charts(self) -> dict[str, int]:
        """Number of each chart, by its uuid."""
        found = self._call("chart/?q=(page_size:100,columns:!(id,uuid))")["result"]
        return {chart["uuid"]: chart["id"] for chart in found}

    def rows(self, chart: int) -> Rows:
        """What a chart's saved question answers."""
        result: Rows = self._call(f"chart/{chart}/data/")["result"][0]["data"]
        return result

    def sql(self, text: str) -> Rows:
        """What SQL Lab answers.

        Raises:
            RefusedError: Superset or the database refuses it.
        """
        database = self._call("database/")["result"][0]["id"]
        asked = {"database_id": database, "sql": text, "schema": "marts", "runAsync": False}
        result: Rows = self._call("sqllab/execute/", asked)["data"]
        return result

    def replace_assets(self, bundle: Path) -> None:
        """Imports a bundle that replaces what is there."""
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="bundle"; filename="{bundle.name}"\r\n\r\n'
        body = head.encode() + bundle.read_bytes() + f"\r\n--{_BOUNDARY}--\r\n".encode()
        self._send("assets/import/", body, f"multipart/form-data; boundary={_BOUNDARY}")

    def _call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        sent = None if body is None else json.dumps(body).encode()
        return self._send(path, sent, "application/json")

    def _send(self, path: str, body: bytes | None, content_type: str) -> dict[str, Any]:
        request = urllib.request.Request(f"{self._address}/api/v1/{path}", data=body)
        if body is not None:
            request.add_header("Content-Type", content_type)
        try:
            with self._opener.open(request, timeout=120) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            raise RefusedError(f"{path}: {error.code} {error.read().decode()[:1000]}") from error


def main(arguments: list[str], environ: Mapping[str, str]) -> None:
    """Sends a bundle as the command line says."""
    user, password = environ.get("SUPERSET_USER"), environ.get("SUPERSET_PASSWORD")
    if len(arguments) != 2 or not user or not password:
        sys.exit("usage: SUPERSET_USER=... SUPERSET_PASSWORD=... python -m bi.superset.rest ADDRESS BUNDLE.zip")
    try:
        Client(Superset(arguments[0].rstrip("/"), user, password)).replace_assets(Path(arguments[1]))
    except (RefusedError, OSError) as error:
        sys.exit(f"not imported: {error}")


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
