"""The files of a briefing: `<day>.html` and `<day>.png`, the newest as `latest`, and what the next one needs.

Each is replaced in one go. The page needs nothing from elsewhere: no script, no picture, no style sheet.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.briefing.page import Page
from pipelines.briefing.pages import lay_out
from pipelines.briefing.picture import draw
from pipelines.config import Settings
from pipelines.runlog import replace_text

_KEPT_DAYS = 30  # as many as folders of runs
_DAY = "????-??-??"
_LONGEST_NAME = 60  # of an error, characters


@dataclass(frozen=True, slots=True)
class Briefing:
    """What was written. `picture` is none where it could not be drawn, and `problem` says why."""

    day: str
    page: Path
    picture: Path | None
    problem: str = ""


def write(settings: Settings) -> Briefing:
    """Writes the briefing of what is published.

    Raises:
        duckdb.Error: nothing is published, or by an older version.
        OSError: the files cannot be written.
    """
    folder = settings.briefings_dir
    page, seen = lay_out(settings.serving, folder)
    folder.mkdir(parents=True, exist_ok=True)
    html = render(page)
    replace_text(folder / f"{page.day}.json", seen.to_json())
    replace_text(folder / f"{page.day}.html", html)
    replace_text(folder / "latest.html", html)
    problem = _draw(page, folder)
    _forget_old(folder)
    picture = None if problem else folder / f"{page.day}.png"
    return Briefing(page.day, folder / f"{page.day}.html", picture, problem)


def render(page: Page) -> str:
    """The page as HTML that mail clients show: tables, and a style in the head."""
    environment = Environment(
        loader=PackageLoader("pipelines"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("briefing.html").render(page=page)


def _draw(page: Page, folder: Path) -> str:
    """Draws the picture; returns why it could not. Of this day and as the newest, an older one would be wrong."""
    pictures = [folder / f"{page.day}.png", folder / "latest.png"]
    temporary = folder / ".picture.next"
    try:
        draw(json.dumps(asdict(page)), temporary)
        image = temporary.read_bytes()
        for picture in pictures:
            _replace(picture, image)
    except (OSError, subprocess.SubprocessError) as error:
        for picture in pictures:
            picture.unlink(missing_ok=True)
        # What the typesetter says may quote a value; the name of its error does not.
        last = (getattr(error, "stderr", None) or "").strip().rpartition("\n")[2]
        return f"no picture: {last.partition(':')[0][:_LONGEST_NAME] or type(error).__name__}"
    finally:
        temporary.unlink(missing_ok=True)
    return ""


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.next")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _forget_old(folder: Path) -> None:
    days = sorted({path.stem for path in folder.glob(f"{_DAY}.json")})
    for day in days[:-_KEPT_DAYS]:
        for path in folder.glob(f"{day}.*"):
            path.unlink(missing_ok=True)
