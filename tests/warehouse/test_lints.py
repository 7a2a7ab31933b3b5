"""The project keeps its own rules, and each lint finds an example that breaks its rule."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse import lints
from tests.warehouse.yaml_schema import load_yaml, misspelt

# Files that may read the machine's clock, each with its reason.
CLOCK_ALLOWED: dict[str, str] = {}


def assert_none(findings: Iterable[lints.Finding]) -> None:
    """Fail with one finding a line."""
    listed = list(findings)
    assert not listed, "\n" + "\n".join(map(str, listed))


def project_yaml() -> list[Path]:
    """List every YAML file that dbt reads."""
    return [lints.PROJECT / "dbt_project.yml", *lints.files(lints.YAML_FOLDERS, ".yml", ".yaml")]


class TestOneClock:
    """Nothing reads the machine's clock; `util_as_of` is the only one."""

    def test_sql(self) -> None:
        for path in lints.files(lints.SQL_FOLDERS, ".sql"):
            if lints.relative(path) not in CLOCK_ALLOWED:
                assert_none(lints.clock_in_sql(lints.relative(path), path.read_text()))

    def test_yaml(self) -> None:
        for path in project_yaml():
            if path.parent.name != "sources":
                assert_none(lints.clock_in_yaml(lints.relative(path), load_yaml(path.read_text())))

    def test_every_exception_is_needed_and_explained(self) -> None:
        for path, reason in CLOCK_ALLOWED.items():
            assert lints.clock_in_sql(path, (lints.PROJECT / path).read_text()), f"{path} needs no exception"
            assert len(reason) > 20

    @pytest.mark.parametrize(
        "sql",
        [
            "select current_date",
            "select Current_Timestamp - interval 1 day",
            "select now()",
            "select today ( )",
            "select localtimestamp",
            "select get_current_timestamp()",
            "select {{ dbt.current_timestamp() }}",
            "select cast('{{ run_started_at }}' as date)",
            "{% set d = modules.datetime.date.today() %}",
            "select 'it''s', '--', current_date",
        ],
    )
    def test_finds(self, sql: str) -> None:
        assert lints.clock_in_sql("bad.sql", sql)

    @pytest.mark.parametrize(
        "sql",
        [
            "select as_of_date, is_current, known_now, dbt_updated_at from x",
            "-- no current_date here\nselect 1 /* nor now() */ {# nor today() #}",
        ],
    )
    def test_accepts(self, sql: str) -> None:
        assert not lints.clock_in_sql("good.sql", sql)

    def test_finds_in_yaml_outside_descriptions(self) -> None:
        content = {"description": "never current_date", "data_tests": [{"config": {"where": "day > current_date"}}]}
        assert [finding.message for finding in lints.clock_in_yaml("bad.yml", content)] == [
            "data_tests[0].config.where reads the machine's clock: current_date"
        ]


class TestPortableSql:
    """Models, macros and tests keep to the SQL that DuckDB and Spark 3.5 share."""

    def test_project(self) -> None:
        assert_none(
            finding
            for path in lints.files(lints.SQL_FOLDERS, ".sql")
            for finding in lints.not_portable(lints.relative(path), path.read_text())
        )

    @pytest.mark.parametrize(
        "sql",
        [
            "select a from t qualify row_number() over (order by a) = 1",
            "select a::date from t",
            "select listagg(a, ',') from t",
            "select string_agg(a, ',') from t",
            "select * exclude (a) from t",
            "select t.* replace (1 as a) from t",
            "select sum(a) over (order by d range between interval 6 day preceding and current row) from t",
            "with recursive t as (select 1) select * from t",
            "select a from t asof join u on t.d >= u.d",
            "select a // 2 from t",
            "select [1, 2] as a",
            "select {'a': 1} as a",
            "select a ->> '$.b' from t",
            "select a -> 'b' from t",
            'select "order" from t',
            "select cast(a as varchar) from t",
            "select cast(a as json) from t",
            "select cast(a as timestamptz) from t",
            "select distinct on (a) a from t",
            "select unnest(a) from t",
            "select strftime(a, '%Y') from t",
            "select a ~ 'b' from t",
            "select 'unclosed",
        ],
    )
    def test_finds(self, sql: str) -> None:
        assert lints.not_portable("models/bad.sql", sql)
        assert not lints.not_portable("macros/dispatch/x.sql", sql)

    @pytest.mark.parametrize(
        "sql",
        [
            "select cast(a as varchar(10)), cast(b as {{ dbt.type_string() }}) from {{ ref('t') }}",
            "select sum(a) filter (where b) over (order by d rows between 6 preceding and current row) from t",
            "{% set names = ['a'] %}select {% for n in names %}{{ n }}, {% endfor %} 'a::b // [c]' as d from t -- x::y",
            "select max(a) over (order by b range between unbounded preceding and current row), text, list from t",
            "select except_count * replace_count, replace(a, '{', '[') from t except select 1, 2",
        ],
    )
    def test_accepts(self, sql: str) -> None:
        assert_none(lints.not_portable("models/good.sql", sql))

    def test_names_the_line(self) -> None:
        sql = "{#- two\nlines -#}\nselect {{ f(\n'x') }},\na::date"
        assert [finding.line for finding in lints.not_portable("models/bad.sql", sql)] == [5]


class TestYaml:
    """No key of dbt's YAML is misspelt: dbt itself ignores what it does not know."""

    def test_project(self) -> None:
        assert_none(finding for path in project_yaml() for finding in misspelt(lints.relative(path), path.read_text()))

    @pytest.mark.parametrize(
        ("text", "where"),
        [
            ("modles: []", "top level"),
            ("models: [{name: a, columns: [{name: b, relationship: c}]}]", "columns[0]"),
            ("models: [{name: a, columns: [{name: b, data_tests: [{unique: {confg: {}}}]}]}]", "data_tests[0].unique"),
            ("models: [{name: a, data_tests: [{unique: {config: {severty: warn}}}]}]", "unique.config"),
            ("models: [{name: a, data_tests: [{accepted_values: {values: [1]}}]}]", "accepted_values"),
            ("models: [{name: a, config: {matrialized: table}}]", "models[0].config"),
            ("models: [{name: a, config: {contract: {enforce: true}}}]", "config.contract"),
            ("unit_tests: [{name: a, model: b, given: [{input: c, rws: []}], expect: {rows: []}}]", "given[0]"),
            ("snapshots: [{name: a, config: {check_columns: [b]}}]", "snapshots[0].config"),
            ("exposures: [{name: a, type: dashboard, owner: {emial: b}}]", "owner"),
            ("models: [{name: a, name: b}]", "stands twice"),
            ("", "empty"),
        ],
    )
    def test_finds(self, text: str, where: str) -> None:
        assert where in "".join(map(str, misspelt("bad.yml", text)))

    def test_finds_in_project_file(self) -> None:
        assert misspelt("dbt_project.yml", "name: a\nmodel-path: [b]")
        assert misspelt("dbt_project.yml", "name: a\nmodels: {a: {marts: {+materialised: view}}}")
        assert not misspelt("dbt_project.yml", "name: a\nmodels: {a: {marts: {+materialized: view}}}")

    def test_accepts(self) -> None:
        text = """
        models:
          - name: a
            config: {contract: {enforced: true}, meta: {owner: b}}
            data_tests:
              - unique_key: {arguments: {columns: [b]}, config: {severity: warn, where: "b > 1"}}
            columns: [{name: b, data_type: date, constraints: [{type: not_null}]}]
        unit_tests:
          - {name: c, model: a, overrides: {vars: {as_of_date: 2026-08-01}}, given: [], expect: {rows: []}}
        """
        assert_none(misspelt("good.yml", text))


class TestLayers:
    """Each layer reads only the layers below that it may read."""

    def test_project(self, manifest: dict[str, Any]) -> None:
        assert_none(lints.crosses_layers(manifest))

    @pytest.mark.parametrize(
        ("child", "parent", "allowed"),
        [
            ("models/staging/crm/a.sql", "models/utilities/b.sql", True),
            ("models/staging/crm/a.sql", "models/staging/crm/b.sql", True),
            ("models/staging/crm/a.sql", "models/intermediate/b.sql", False),
            ("models/intermediate/a.sql", "sources/b.yml", False),
            ("models/marts/a.sql", "models/intermediate/b.sql", True),
            ("models/marts/a.sql", "models/staging/crm/b.sql", False),
            ("models/metrics/a.sql", "models/intermediate/b.sql", False),
            ("snapshots/a.yml", "models/marts/b.sql", True),
            ("snapshots/a.yml", "models/intermediate/b.sql", False),
        ],
    )
    def test_rules(self, child: str, parent: str, allowed: bool) -> None:
        kinds = {"models": "model", "sources": "source", "snapshots": "snapshot"}
        nodes = {
            name: {
                "name": name,
                "resource_type": kinds[path.split("/")[0]],
                "original_file_path": path,
                "depends_on": {"nodes": reads},
            }
            for name, path, reads in (("a", child, ["b"]), ("b", parent, []))
        }
        assert bool(lints.crosses_layers({"nodes": nodes, "sources": {}, "exposures": {}})) is not allowed


class TestFiles:
    """Files that belong together stand together, and stay short."""

    def test_models_have_their_yaml(self) -> None:
        assert_none(lints.without_properties(lints.files(["models"], ".sql", ".yml")))

    def test_macros_are_documented(self) -> None:
        documented = lints.PROJECT / "macros" / "_macros.yml"
        assert documented.exists(), "macros/_macros.yml is missing"
        assert_none(lints.undocumented_macros(lints.files(["macros"], ".sql"), load_yaml(documented.read_text())))

    def test_models_are_short(self) -> None:
        assert_none(lints.too_long(lints.files(["models", "macros"], ".sql"), lints.MAX_MODEL_LINES))

    def test_modules_are_short(self) -> None:
        assert_none(lints.too_long(lints.files(["pipelines", "dashboard"], ".py"), lints.MAX_PYTHON_LINES))

    def test_finds_lonely_files(self) -> None:
        paths = [Path("a/one.sql"), Path("a/one.yml"), Path("a/two.sql"), Path("b/two.yml"), Path("a/_exposures.yml")]
        assert [finding.path for finding in lints.without_properties(paths)] == ["two.sql", "two.yml"]

    def test_finds_undocumented_macros(self, tmp_path: Path) -> None:
        (tmp_path / "one.sql").write_text("{% macro one(a) -%}{%- endmacro %}{% macro spark__one(a) %}{% endmacro %}")
        (tmp_path / "two.sql").write_text("{%- macro other() %}{% endmacro %}")
        documented = {"macros": [{"name": "one", "description": "x"}, {"name": "gone", "description": "x"}]}
        messages = [str(finding) for finding in lints.undocumented_macros(sorted(tmp_path.iterdir()), documented)]
        assert messages == [
            "two.sql:0: must hold the macro two and no other",
            "two.sql:0: other is not in _macros.yml",
            "macros/_macros.yml:0: describes gone, which does not exist",
        ]

    def test_finds_long_files(self, tmp_path: Path) -> None:
        (tmp_path / "long.sql").write_text("select 1\n" * 3)
        assert lints.too_long([tmp_path / "long.sql"], limit=2)
        assert not lints.too_long([tmp_path / "long.sql"], limit=3)


class TestLeftovers:
    """Nothing of one machine and no note to self is committed."""

    def test_project(self) -> None:
        assert_none(finding for path, text in lints.project_text() for finding in lints.leftovers(path, text))

    @pytest.mark.parametrize("text", ["x = '/home/jo/a'", "cd /root/x", r"C:\Users\jo", "# TODO later", "-- FIXME"])
    def test_finds(self, text: str) -> None:
        assert lints.leftovers("bad.py", text)

    @pytest.mark.parametrize("text", ["https://a.example/work/b", "a/home/b", "the todo list", "/usr/bin/env"])
    def test_accepts(self, text: str) -> None:
        assert not lints.leftovers("good.py", text)
