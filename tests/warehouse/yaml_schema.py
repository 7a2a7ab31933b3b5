"""Validates dbt's YAML with the JSON schema that dbt itself ships.

On DuckDB dbt ignores keys that it does not know, so `relationship:` for `relationships:` is a test that never runs.
dbt applies its schema to other adapters only; here it applies to every file of the project.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from dbt.jsonschemas import jsonschemas
from jsonschema import ValidationError
from jsonschema.exceptions import relevance

from tests.warehouse.lints import Finding


class UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping: YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build the mapping; raises yaml.YAMLError when a key repeats."""
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_yaml(text: str) -> Any:
    """Read one YAML document; raises yaml.YAMLError for a mistake in form or a repeated key."""
    return yaml.load(text, UniqueKeyLoader)


@cache
def _schema(project_file: bool) -> dict[str, Any]:
    """Return dbt's schema, open where dbt 1.11 accepts more than the schema says."""
    shipped = jsonschemas.project_schema() if project_file else jsonschemas.resources_schema()
    schema = copy.deepcopy(shipped)
    # dbt reads the severity in any case; the schema knows the capitalised form alone.
    schema["definitions"]["Severity"]["enum"] = ["error", "warn"]
    # Metrics keep their type_params in dbt 1.11; the schema has moved on.
    schema["definitions"].get("MetricsProperties", {"properties": {}})["properties"]["type_params"] = True
    return schema


def misspelt(path: str, text: str) -> list[Finding]:
    """Find what dbt's schema does not allow in a properties file, or in dbt_project.yml."""
    try:
        content = load_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [Finding(path, mark.line + 1 if mark else 0, str(getattr(error, "problem", error)))]
    if not isinstance(content, dict):
        return [Finding(path, 0, "is empty")]
    validator = jsonschemas.CustomDraft7Validator(_schema(Path(path).name == "dbt_project.yml"))
    causes = (_cause(error) for error in validator.iter_errors(content))
    return sorted((Finding(path, 0, cause) for cause in set(causes)), key=str)


def _cause(error: ValidationError) -> str:
    """Name the innermost mistake: `anyOf` errors hide it among the alternatives that were not meant."""
    deepest = max(_leaves(error), key=lambda leaf: (len(leaf.absolute_path), _unknown_key(leaf), relevance(leaf)))
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in deepest.absolute_path)
    return f"{where.lstrip('.') or 'top level'}: {deepest.message[:200]}"


def _unknown_key(error: ValidationError) -> bool:
    return bool(error.validator == "additionalProperties")


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    if not error.context:
        yield error
    for inner in error.context or ():
        yield from _leaves(inner)
