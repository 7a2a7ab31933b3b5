"""What `account-health forget` does and says."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
from rich.console import Console
from rich.text import Text

from pipelines.config import Settings
from pipelines.errors import CommandError, ExitCode
from pipelines.forget.erase import Forgotten, Person, erase, rewrite
from pipelines.forget.mentions import files_that_mention
from pipelines.landing.contract import SYSTEMS, Contract, load_contract
from pipelines.landing.errors import ExportsMissingError, LandingError
from pipelines.landing.files import open_exports
from pipelines.landing.ledger import connect
from pipelines.landing.scratch import clear_scratch
from pipelines.lock import hold_lock
from pipelines.progress import ConsoleProgress
from pipelines.recorded import recorded
from pipelines.sql import literal

COMMAND = "account-health forget"  # as the lock and the run log know it: without the address
_LISTED_FILES = 20


def forget(settings: Settings, address: str, customers: Sequence[str], console: Console) -> None:
    """Forgets whoever has the address, and says what is left to do.

    Raises:
        CommandError: USAGE when it is no address or nobody has it; LOCKED when another process has the file open;
            STATE_FAILED when it cannot be written.
    """
    person = Person(address.strip().lower(), tuple(customers))
    name, _, domain = person.address.partition("@")
    if not name or not domain or "@" in domain or person.address.split() != [person.address]:
        raise CommandError(ExitCode.USAGE, "That is no e-mail address.", "Name the person by one e-mail address.")
    contracts = [load_contract(system, settings.contract_dir) for system in SYSTEMS]
    with hold_lock(settings.lock, COMMAND), recorded(settings, COMMAND, ConsoleProgress()) as recorder:
        with recorder.step("forget") as step:
            try:
                with connect(settings.warehouse) as connection:
                    connection.execute(f"set memory_limit = {literal(settings.memory)}")
                    forgotten = erase(connection, contracts, person)
                clear_scratch(settings)  # a killed landing may have left rows there
                rewrite(settings.warehouse)
            except LandingError as error:
                raise CommandError(
                    ExitCode.LOCKED, str(error), "Nothing was done; close whatever has it open."
                ) from error
            except (duckdb.Error, OSError) as error:
                reason = f"{settings.warehouse} could not be rewritten: {type(error).__name__}"
                hint = "It needs as much free space as it has. Start again: the same address is looked for once more."
                raise CommandError(ExitCode.STATE_FAILED, reason, hint) from error
            step.rows = sum(forgotten.rows.values())
            step.summary = f"{step.rows:,} rows emptied"
        with recorder.step("search") as step:
            files = _mentioning(settings, contracts, person)
            step.summary = "not searched" if files is None else f"{len(files):,} export files"
    if forgotten.is_nobody and not files:
        raise CommandError(ExitCode.USAGE, "Nobody has that address.", "Is it spelt as in the exports?")
    console.print(Text(report(forgotten, files)), soft_wrap=True)


def report(forgotten: Forgotten, files: Sequence[str] | None) -> str:
    """What went, what stays, what to do next; `files` are the export files with the address, None if nobody looked."""
    lines = [f"Forgotten; {forgotten.pseudonym} stands for the person from now on."]
    lines += [f"{count:>9,}  rows of {table} emptied" for table, count in forgotten.rows.items()]
    lines += [f"{count:>9,}  rows of {table} held the address" for table, count in forgotten.mentions.items()]
    lines.append("Published files follow with the next `account-health nightly`.")
    if forgotten.customers:
        names = ", ".join(forgotten.customers)
        options = "".join(f" --customer {customer}" for customer in forgotten.customers)
        lines.append(f"Name and postal address of Stripe's {names} stay: most are a company's. If this is a person,")
        lines.append(f"    account-health forget ADDRESS{options}")
    if files is None:
        lines.append("The exports could not be searched: look for the address there yourself.")
    elif files:
        lines.append(
            f"{len(files):,} export files still hold the address. They do not land again, but in a new warehouse:"
        )
        lines += [f"    {path}" for path in files[:_LISTED_FILES]]
        if len(files) > _LISTED_FILES:
            lines.append(f"    and {len(files) - _LISTED_FILES:,} more")
        lines.append("Erase the person in the systems that export them first: what they deliver anew lands anew.")
    return "\n".join(lines)


def _mentioning(settings: Settings, contracts: Sequence[Contract], person: Person) -> list[str] | None:
    try:
        return files_that_mention(open_exports(settings.exports, SYSTEMS), contracts, person)
    except (ExportsMissingError, OSError):
        return None
