"""What can go wrong while landing, in words that name the file and never show a row."""

from __future__ import annotations


class LandingError(Exception):
    """A system could not be landed; the message says which file and what to look at."""


class ContractError(LandingError):
    """`sources/<system>.yml` itself cannot be used."""


class ExportsMissingError(LandingError):
    """There is no exports folder, or it holds no folder of any system."""


class FileError(LandingError):
    """One file is broken, breaks the contract, or changed after it was landed.

    Attributes:
        file: path relative to the exports folder.
        line: line of the file, counted from 1, where known.
    """

    def __init__(self, file: str, reason: str, line: int | None = None) -> None:
        self.file, self.reason, self.line = file, reason, line
        super().__init__(f"{file}{f' line {line}' if line else ''}: {reason}")
