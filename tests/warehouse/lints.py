"""Lints of this project's own rules, for what no off-the-shelf linter checks.

Each function takes text or paths and returns findings; an empty list means that the rule holds. `test_lints.py`
runs them on the project, and each on an example that breaks the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

PROJECT = Path(__file__).parents[2]

SQL_FOLDERS = ("models", "macros", "snapshots", "tests/generic", "tests/singular")
YAML_FOLDERS = ("models", "sources", "seeds", "snapshots", "macros", "tests")
TEXT_FOLDERS = (*YAML_FOLDERS, "pipelines", "dashboard", "docs", ".ci", ".github")
TEXT_SUFFIXES = {"", ".cfg", ".csv", ".md", ".py", ".sh", ".sql", ".toml", ".yaml", ".yml"}

# SQL that may differ between engines lives here, one macro with its variants a file.
DISPATCH = "macros/dispatch/"

MAX_MODEL_LINES = 120
MAX_PYTHON_LINES = 300


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule; `line` counts from 1, and 0 stands for the whole file."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        """Return the place in the form that editors open."""
        return f"{self.path}:{self.line}: {self.message}"


def relative(path: Path) -> str:
    """Return the path as written in findings and exception lists."""
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.name


def files(folders: Iterable[str], *suffixes: str) -> list[Path]:
    """List the project's files with one of the suffixes below the folders, sorted."""
    found = (path for folder in folders for path in (PROJECT / folder).rglob("*") if path.is_file())
    return sorted({path for path in found if path.suffix in suffixes and "__pycache__" not in path.parts})


# ---------------------------------------------------------------- text without what does not run

_COMMENTS = r"\{#.*?#\}|--[^\n]*|/\*.*?\*/"
_JINJA = r"\{\{.*?\}\}|\{%.*?%\}"
_STRING = r"'(?:[^']|'')*'"
_SKIP_COMMENTS = re.compile(f"(?P<keep>{_STRING})|{_COMMENTS}", re.DOTALL)
_SKIP_JINJA = re.compile(f"(?P<keep>{_STRING})|(?P<value>\\{{\\{{.*?\\}}\\}})|{_JINJA}|{_COMMENTS}", re.DOTALL)


def without_comments(sql: str) -> str:
    """Blank SQL and Jinja comments; line numbers stay."""
    return _SKIP_COMMENTS.sub(lambda match: match["keep"] or "\n" * match[0].count("\n") or " ", sql)


def without_jinja(sql: str) -> str:
    """Blank comments and Jinja, and put an identifier where a Jinja expression stood; line numbers stay."""

    def replacement(match: re.Match[str]) -> str:
        blank = "\n" * match[0].count("\n")
        return match["keep"] or (f"jinja{blank}" if match["value"] else blank or " ")

    return _SKIP_JINJA.sub(replacement, sql)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


# ---------------------------------------------------------------- one clock

_CLOCK = re.compile(
    r"\b(?:current_(?:date|time|timestamp)\w*|localtime|localtimestamp|sysdate|run_started_at"
    r"|(?:now|today|getdate|get_current_time|get_current_timestamp|transaction_timestamp|clock_timestamp"
    r"|statement_timestamp|unix_timestamp|utcnow)\s*\(|modules\.datetime)",
    re.IGNORECASE,
)


def clock_in_sql(path: str, sql: str) -> list[Finding]:
    """Find reads of the machine's clock, in SQL or in Jinja."""
    text = without_comments(sql)
    return [
        Finding(path, _line(text, match.start()), f"reads the machine's clock: {match[0].strip()}; use util_as_of")
        for match in _CLOCK.finditer(text)
    ]


def clock_in_yaml(path: str, content: object, at: str = "") -> list[Finding]:
    """Find reads of the machine's clock in YAML values; descriptions may name it."""
    if isinstance(content, dict):
        items = ((f"{at}.{key}", value) for key, value in content.items() if key != "description")
    elif isinstance(content, list):
        items = ((f"{at}[{index}]", value) for index, value in enumerate(content))
    else:
        match = _CLOCK.search(content) if isinstance(content, str) else None
        return [Finding(path, 0, f"{at.lstrip('.')} reads the machine's clock: {match[0].strip()}")] if match else []
    return [finding for where, value in items for finding in clock_in_yaml(path, value, where)]


# ---------------------------------------------------------------- one SQL for two engines


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOT_PORTABLE_TOKENS = {
    TokenType.QUALIFY: "`qualify`: rank in a CTE and filter in the next",
    TokenType.DCOLON: "`::`: write cast(... as ...)",
    TokenType.RECURSIVE: "a recursive CTE: use util_days or a join",
    TokenType.ASOF: "an asof join: rank the matches in a CTE",
    TokenType.ARROW: "`->`: use the json_text macro",
    TokenType.DARROW: "`->>`: use the json_text macro",
    TokenType.IDENTIFIER: "a double-quoted identifier: rename it in staging",
    TokenType.L_BRACKET: "a list literal or subscript: use a macro in macros/dispatch/",
    TokenType.L_BRACE: "a struct literal: use a macro in macros/dispatch/",
    TokenType.TILDE: "`~`: use like, or regexp_like in a macro in macros/dispatch/",
    TokenType.DSTAR: "`**`: write power(...)",
}
# Functions whose name, argument order or result differs between DuckDB and Spark.
_NOT_PORTABLE_FUNCTIONS = _words(
    """approx_quantile arg_max arg_min array_to_string date_diff date_sub datediff dayofweek epoch epoch_ms
    generate_series get_json_object group_concat isodow json_extract json_extract_path_text json_extract_string
    json_value list list_aggregate list_contains list_filter list_transform listagg make_timestamp make_timestamptz
    mode quantile quantile_cont quantile_disc regexp_matches strftime string_agg string_split strptime struct_pack
    to_timestamp try_strptime unnest week weekday weekofyear yearweek"""
)
_NOT_PORTABLE_TYPES = _words("text json hugeint uhugeint ubigint uinteger timestamptz timestamp_tz uuid")


def not_portable(path: str, sql: str) -> list[Finding]:
    """Find constructs outside the SQL that DuckDB and Spark 3.5 share."""
    if path.startswith(DISPATCH):
        return []
    try:
        tokens = DuckDB.Tokenizer().tokenize(without_jinja(sql))
    except TokenError as error:
        return [Finding(path, 0, f"cannot be read as SQL: {error}")]
    return [
        Finding(path, tokens[index].line, f"not on every engine: {reason}")
        for index in range(len(tokens))
        if (reason := _why_not_portable(tokens, index))
    ]


def _why_not_portable(tokens: list[Token], index: int) -> str | None:
    token, word = tokens[index], tokens[index].text.lower()
    before = tokens[index - 1].token_type if index else None
    after = tokens[index + 1].token_type if index + 1 < len(tokens) else None
    called = after == TokenType.L_PAREN
    if token.token_type == TokenType.STRING:
        return None
    checks = {
        "`//`: write floor(a / b)": word == "//",
        "varchar without a length: write {{ dbt.type_string() }}": word == "varchar" and not called,
        f"the type {word}: use a portable type or a macro in macros/dispatch/": (
            before == TokenType.ALIAS and after == TokenType.R_PAREN and word in _NOT_PORTABLE_TYPES
        ),
        f"`* {word}`: list the columns": before == TokenType.STAR and word in {"exclude", "except", "replace"},
        "`distinct on`: rank in a CTE and filter in the next": before == TokenType.DISTINCT and word == "on",
        "a range frame over an interval: use rows over a dense spine": (
            word == "range" and _frame_has_interval(tokens[index + 1 :])
        ),
        f"{word}(): use dbt's macro or one in macros/dispatch/": called and word in _NOT_PORTABLE_FUNCTIONS,
    }
    return _NOT_PORTABLE_TOKENS.get(token.token_type) or next((why for why, bad in checks.items() if bad), None)


def _frame_has_interval(tokens: Iterable[Token]) -> bool:
    depth = 0
    for token in tokens:
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        if depth < 0:
            return False
        if token.token_type == TokenType.INTERVAL:
            return True
    return False


# ---------------------------------------------------------------- files that belong together


def without_properties(models: Iterable[Path]) -> list[Finding]:
    """Find models without a YAML file of the same name beside them, and YAML files without their model."""
    paths = set(models)
    sql = {path.with_suffix("") for path in paths if path.suffix == ".sql"}
    yml = {path.with_suffix("") for path in paths if path.suffix == ".yml" and not path.name.startswith("_")}
    alone = [Finding(relative(path.with_suffix(".sql")), 0, f"needs {path.name}.yml beside it") for path in sql - yml]
    orphan = [Finding(relative(path.with_suffix(".yml")), 0, f"needs {path.name}.sql beside it") for path in yml - sql]
    return sorted(alone + orphan, key=str)


_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\s*\(")


def undocumented_macros(macros: Iterable[Path], documented: dict[str, Any]) -> list[Finding]:
    """Find macros that _macros.yml does not describe, descriptions of no macro, and files named otherwise.

    Variants of one engine (`duckdb__x`, `spark__x`) are described once, as `x`, if that macro is the project's.
    """
    entries = {entry["name"] for entry in documented.get("macros", []) if entry.get("description")}
    findings, names = [], set()
    for path in macros:
        defined = set(_MACRO.findall(path.read_text()))
        if {name.split("__")[-1] for name in defined} != {path.stem}:
            findings.append(Finding(relative(path), 0, f"must hold the macro {path.stem} and no other"))
        own = {name for name in defined if "__" not in name or name.split("__")[-1] not in defined}
        findings += [Finding(relative(path), 0, f"{name} is not in _macros.yml") for name in sorted(own - entries)]
        names |= own
    gone = sorted(entries - names)
    return findings + [Finding("macros/_macros.yml", 0, f"describes {name}, which does not exist") for name in gone]


def too_long(paths: Iterable[Path], limit: int) -> list[Finding]:
    """Find files of more lines than the limit."""
    counts = ((path, len(path.read_text().splitlines())) for path in paths)
    return [Finding(relative(path), 0, f"{n} lines, over {limit}: split it") for path, n in counts if n > limit]


# ---------------------------------------------------------------- layers

# What each layer may read. Two layers alone may read sources: staging, and utilities for the clock.
_MAY_READ = {
    "snapshot": {"staging", "marts"},
    "exposure": {"marts", "metrics"},
    "metrics": {"marts", "metrics", "utilities"},
    "staging": {"source", "staging", "utilities"},
    "utilities": {"source", "utilities"},
    "intermediate": {"staging", "seed", "intermediate", "utilities"},
    "marts": {"intermediate", "marts", "seed", "snapshot", "utilities"},
}


def crosses_layers(manifest: dict[str, Any]) -> list[Finding]:
    """Find models, snapshots and exposures that read a layer they must not read."""
    nodes = {**manifest["nodes"], **manifest["sources"], **manifest["exposures"]}
    findings = []
    for node in nodes.values():
        for parent_id in node.get("depends_on", {}).get("nodes", []):
            layer, parent = _layer(node), nodes.get(parent_id)
            if parent and layer in _MAY_READ and _layer(parent) not in _MAY_READ[layer]:
                message = f"{layer} must not read {_layer(parent)} ({parent['name']})"
                findings.append(Finding(node["original_file_path"], 0, message))
    return sorted(findings, key=str)


def _layer(node: dict[str, Any]) -> str:
    """Return the folder below models/ for a model, else the kind of node."""
    if node["resource_type"] != "model":
        return str(node["resource_type"])
    return Path(node["original_file_path"]).parts[1]


# ---------------------------------------------------------------- text that must not be committed

_LEFTOVERS = {
    "a machine's path": re.compile(r"(?<![\w.:/])(?:/(?:home|Users|root|work)/[\w.]|[A-Z]:\\Users)"),
    "a note to self": re.compile(r"\b(?:TO[D]O|FIX[M]E)\b"),
}


def leftovers(path: str, text: str) -> list[Finding]:
    """Find paths of one machine and notes to self."""
    return [
        Finding(path, _line(text, match.start()), f"{what}: {match[0]}")
        for what, pattern in _LEFTOVERS.items()
        for match in pattern.finditer(text)
    ]


def project_text() -> Iterator[tuple[str, str]]:
    """Yield path and content of every text file that people maintain."""
    top = [path for path in PROJECT.iterdir() if path.is_file() and path.name not in {"uv.lock", "LICENSE"}]
    for path in sorted([*top, *files(TEXT_FOLDERS, *TEXT_SUFFIXES)]):
        if path.suffix in TEXT_SUFFIXES and path != Path(__file__).with_name("test_lints.py"):
            yield relative(path), path.read_text()
