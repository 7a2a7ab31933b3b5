"""The command line: `account-health`, or `python -m pipelines`."""

from __future__ import annotations

import os
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines import commands
from pipelines.config import Settings
from pipelines.errors import MEANINGS, raise_on_signals

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Account-health warehouse: lands exports, builds and tests the marts, publishes them to readers.",
    epilog="Exit codes: "
    + "; ".join(f"{int(code)} {meaning.what}" for code, meaning in MEANINGS.items())
    + "; 129, 130, 143 interrupted. Paths come from ACCOUNT_HEALTH_HOME, _EXPORTS, _WAREHOUSE and _SERVING.",
)

_DAY = ["%Y-%m-%d"]
Accounts = Annotated[int, typer.Option(min=1, help="Accounts of the sample company.")]
Days = Annotated[int, typer.Option(min=60, help="Days of history.")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed, another company.")]
Until = Annotated[datetime, typer.Option(formats=_DAY, help="Last day of history.")]
Density = Annotated[float, typer.Option(min=0.01, help="Multiplies the number of product events.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=_DAY, help="Build as of this day; by default the newest day of product usage."),
]
Accept = Annotated[
    str,
    typer.Option(metavar="REASON", help="Let pass this once what was held back or is critical; the reason is logged."),
]
_UNTIL = datetime(2026, 10, 31)  # noqa: DTZ001 - a day, read as such


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
) -> None:
    """Shows the help when no command is given."""
    context.obj = debug
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def demo(
    context: typer.Context,
    accounts: Accounts = 500,
    days: Days = 450,
    seed: Seed = 7,
    until: Until = _UNTIL,
    density: Density = 1.0,
) -> None:
    """Generate a company's exports and run three nights of it.

    Example: account-health demo --accounts 100 --days 200
    """
    with commands.exit_codes(context.obj):
        commands.run_demo(Settings.from_env(), accounts, days, seed, until.date(), density, _command())


@app.command()
def generate(
    context: typer.Context,
    accounts: Accounts = 500,
    days: Days = 450,
    seed: Seed = 7,
    until: Until = _UNTIL,
    density: Density = 1.0,
    exports: Annotated[Path | None, typer.Option(help="Folder to write into.")] = None,
) -> None:
    """Write the exports of a sample company.

    Example: account-health generate --accounts 60 --days 200 --exports /tmp/exports
    """
    with commands.exit_codes(context.obj):
        commands.run_generate(Settings.from_env(), exports, accounts, days, seed, until.date(), density)


@app.command()
def land(
    context: typer.Context,
    systems: Annotated[list[str] | None, typer.Argument(help="Systems to land; all by default.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="Last drop day to land; all by default.")] = None,
    accept: Annotated[
        str, typer.Option(metavar="REASON", help="Lands extracts that lost many records, this once.")
    ] = "",
) -> None:
    """Land new export files in the private warehouse; each file lands once.

    Example: account-health land crm billing
    """
    with commands.exit_codes(context.obj):
        day = until.date() if until else None
        commands.run_land(Settings.from_env(), systems or [], day, _command(), accept)


@app.command()
def rejects(
    context: typer.Context,
    systems: Annotated[list[str] | None, typer.Argument(help="Systems to look at; all by default.")] = None,
    last: Annotated[int, typer.Option(min=1, help="How many to show, the newest.")] = 50,
    show: Annotated[bool, typer.Option("--show", help="Print the records too; they may hold personal data.")] = False,
) -> None:
    """Show the records that were rejected, until their file is dropped again without them.

    Example: account-health rejects zendesk --last 20
    """
    with commands.exit_codes(context.obj):
        commands.run_rejects(Settings.from_env(), systems or [], last, show)


@app.command()
def forget(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The person's e-mail address.")],
    customer: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Stripe customer that is this person and no company; may be repeated."),
    ] = None,
) -> None:
    """Forget a person: empty what the private file says of whoever has this e-mail address; counts stay.

    Example: account-health forget ada@example.com
    """
    with commands.exit_codes(context.obj):
        commands.run_forget(Settings.from_env(), address, customer or [])


@app.command()
def build(context: typer.Context, as_of: AsOf = None) -> None:
    """Build the marts from what has landed and test them.

    Example: account-health build
    """
    with commands.exit_codes(context.obj):
        commands.run_build(Settings.from_env(), as_of.date() if as_of else None, _command())


@app.command()
def nightly(
    context: typer.Context,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, help="Run this night alone; by default every night that was missed, in order."),
    ] = None,
    accept: Accept = "",
) -> None:
    """Land, build, test and publish: what the scheduler runs. Safe to run twice, to kill, to start again.

    Example: account-health nightly
    """
    with commands.exit_codes(context.obj):
        commands.run_nightly(Settings.from_env(), as_of.date() if as_of else None, accept, _command())


@app.command()
def publish(
    context: typer.Context,
    postgres: Annotated[
        bool, typer.Option("--postgres", help="Copy what is published into the database of ACCOUNT_HEALTH_POSTGRES.")
    ] = False,
    parquet: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Copy what is published into Parquet files.")
    ] = None,
) -> None:
    """Publish the last build that passed every test; with an option: copy what is published to other readers.

    Example: account-health publish --parquet /srv/account-health/parquet
    """
    with commands.exit_codes(context.obj):
        if postgres or parquet is not None:
            commands.run_copy(Settings.from_env(), os.environ.get("ACCOUNT_HEALTH_POSTGRES", ""), postgres, parquet)
        else:
            commands.run_publish(Settings.from_env(), _command())


@app.command()
def briefing(context: typer.Context) -> None:
    """Write the page of what changed, HTML and picture, once more from what is published.

    Example: account-health briefing
    """
    with commands.exit_codes(context.obj):
        commands.run_briefing(Settings.from_env())


@app.command()
def explain(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="Id of the account, or a part of its name.")],
    days: Annotated[int, typer.Option(min=1, help="Compare with so many days before.")] = 28,
) -> None:
    """Show where every point of an account's score comes from, what moved it, and what other versions would say.

    Example: account-health explain "Dune Freight" --days 90
    """
    with commands.exit_codes(context.obj):
        commands.run_explain(Settings.from_env(), account, days)


@app.command()
def status(
    context: typer.Context,
    last: Annotated[int, typer.Option(min=1, help="How many runs to show.")] = 10,
    max_age: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="HOURS",
            help="Exit with 9 when nothing was published for so long, or the last refresh failed.",
        ),
    ] = None,
) -> None:
    """Show the last runs and how old each source is.

    Example: account-health status --last 5
    """
    with commands.exit_codes(context.obj):
        commands.run_status(Settings.from_env(), last, max_age)


def main() -> None:
    """Entry point. `--debug` may stand anywhere."""
    raise_on_signals()
    if "--debug" in sys.argv[1:]:
        sys.argv[1:] = ["--debug", *(argument for argument in sys.argv[1:] if argument != "--debug")]
    app(prog_name="account-health")


def _command() -> str:
    """The command as it was typed, for the lock and the run log."""
    return shlex.join(["account-health", *sys.argv[1:]])


if __name__ == "__main__":
    main()
