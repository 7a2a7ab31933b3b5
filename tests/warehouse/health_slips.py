"""Health seeds without a slip, and the slips that checks must find: the statement that plants each, and its message."""

from __future__ import annotations

# Seeds without a slip: version v2 follows v1; the component c has curves for two ages, and in v2 for two segments and
# nobody else.
SOUND = """
insert into health_measures (measure, window_days) values ('m', 28), ('state', null);
insert into segments (segment) values ('steady'), ('growing');
insert into segment_rules (segment, measure) values ('growing', 'm');
insert into health_score_versions (
    health_score_version, effective_from_date, effective_to_date, minimum_coverage_ratio, band_confirm_days
) values ('v1', '2020-01-01', '2026-09-01', 0.5, 2), ('v2', '2026-09-01', null, 0.5, 2);
insert into health_components (
    health_score_version, component, measure, direction, curve_kind, weight, minimum_coverage_ratio, sentence
) values
    ('v1', 'c', 'm', 'more_is_better', 'linear', 60, 0.75, 'It is {value}'),
    ('v1', 'd', 'state', 'middle_is_best', 'linear', 40, 0, 'It is {value}'),
    ('v2', 'c', 'm', 'less_is_better', 'step', 100, 0, 'It is {value}');
insert into health_curves (
    health_score_version, component, account_age_from_days, account_age_to_days, segment, breakpoint_value, points
) values
    ('v1', 'c', null, 90, null, 1, 0), ('v1', 'c', 0, 90, null, 2, 60),
    ('v1', 'c', 90, null, null, 1, 10), ('v1', 'c', 90, null, null, 2, 100),
    ('v1', 'd', null, null, null, 1, 10), ('v1', 'd', null, null, null, 2, 90), ('v1', 'd', null, null, null, 3, 20),
    ('v2', 'c', null, null, 'steady', 1, 50), ('v2', 'c', null, null, 'growing', 1, 40),
    ('v2', 'c', null, null, null, 0, null);
insert into health_bands values
    ('v1', 'bad', 0, 60, 0, 1), ('v1', 'good', 60, 100, 2, 2),
    ('v2', 'bad', 0, 50, 0, 1), ('v2', 'good', 50, 100, 0, 2);
insert into health_overrides values
    ('a1', null, 'cap', 40, 'Their champion left', 'Ann', '2026-03-01', '2026-06-01'),
    ('merged', 'v1', 'set', 100, 'They moved to a new contract', 'Ann', '2025-03-01', '2025-06-01');
"""

WEIGHTS, COMPONENTS, MEASURES = "weights_add_up", "components_are_sound", "measures_exist"
HAVE, WHOLE, AGES, DIRECTION = (
    "components_have_curves",
    "curves_are_whole",
    "curves_hold_at_every_age",
    "curves_keep_their_direction",
)
VERSIONS, BANDS = "versions_do_not_overlap", "bands_cover_the_score"
OWNED, RUNNING_OUT = "overrides_are_owned", "overrides_are_not_running_out"

SLIPS = {
    WEIGHTS: {
        "update health_components set weight = 58 where component = 'c' and health_score_version = 'v1'": (
            "The weights of version v1 in seeds/health_components.csv sum to 98: change them so that they sum to 100."
        ),
        "update health_components set weight = case component when 'c' then 100 else 0 end": (
            "The component d of version v1 in seeds/health_components.csv has the weight 0: "
            "give it one above 0, or remove the component and its curve."
        ),
        "delete from health_components where health_score_version = 'v2'": (
            "Version v2 of seeds/health_score_versions.csv has no components: "
            "add them to seeds/health_components.csv, or remove the version."
        ),
    },
    COMPONENTS: {
        "update health_components set sentence = 'It is bad' where component = 'd'": (
            "The component d of version v1 in seeds/health_components.csv: "
            "its sentence has no {value}: write it where the measure goes."
        ),
        "update health_components set minimum_coverage_ratio = 0.5 where component = 'd'": (
            "The component d of version v1 in seeds/health_components.csv: "
            "minimum_coverage_ratio has no effect, as state has no window of days: write 0."
        ),
        "update health_components set minimum_coverage_ratio = 75 where weight = 60": (
            "The component c of version v1 in seeds/health_components.csv: "
            "minimum_coverage_ratio must lie between 0 and 1: 0.75 wants 3/4 of the window."
        ),
        "update health_components set points_when_missing = 101 where component = 'd'": (
            "The component d of version v1 in seeds/health_components.csv: "
            "points_when_missing must lie between 0 and 100, or be empty."
        ),
    },
    MEASURES: {
        "update health_components set measure = 'mm' where component = 'd'": (
            "The component d of version v1 in seeds/health_components.csv names the measure mm, which does not exist: "
            "take one of seeds/health_measures.csv."
        ),
        "update segment_rules set measure = 'mm'": (
            "A rule of the segment growing in seeds/segment_rules.csv names the measure mm, which does not exist: "
            "take one of seeds/health_measures.csv."
        ),
    },
    HAVE: {
        "delete from health_curves where component = 'd'": (
            "The component d of version v1 has no curve for the segment growing: "
            "add rows with an empty segment to seeds/health_curves.csv."
        ),
        "delete from health_curves where health_score_version = 'v2' and segment is distinct from 'growing'": (
            "The component c of version v2 has no curve for the segment steady: "
            "add rows with an empty segment to seeds/health_curves.csv."
        ),
    },
    WHOLE: {
        "update health_curves set component = 'e' where component = 'd'": (
            "The curve of e of version v1 from 0 days on in seeds/health_curves.csv: "
            "the version has no such component: correct its name or remove the rows."
        ),
        "update health_curves set segment = 'stedy' where segment = 'steady'": (
            "The curve of c of version v2 from 0 days on in seeds/health_curves.csv: "
            "there is no segment stedy: take one of seeds/segments.csv."
        ),
        "update health_curves set breakpoint_value = 2 where account_age_to_days = 90": (
            "The curve of c of version v1 from 0 days on in seeds/health_curves.csv: "
            "one breakpoint_value is there twice: keep one of its rows."
        ),
        "delete from health_curves where account_age_from_days = 90 and points = 100": (
            "The curve of c of version v1 from 90 days on in seeds/health_curves.csv: "
            "a linear curve needs at least two breakpoints: add one."
        ),
        "update health_curves set points = null where points = 60": (
            "The curve of c of version v1 from 0 days on in seeds/health_curves.csv: "
            "some points are empty: fill in all, or none where it shall not judge."
        ),
    },
    AGES: {
        "update health_curves set account_age_from_days = 120 where account_age_from_days = 90": (
            "The curve of c of version v1 from 0 days on in seeds/health_curves.csv: "
            "the next begins at 120 days: write that into account_age_to_days."
        ),
        "update health_curves set account_age_to_days = null": (
            "The curve of c of version v1 from 0 days on in seeds/health_curves.csv: "
            "the next begins at 90 days: write that into account_age_to_days."
        ),
        "delete from health_curves where account_age_from_days = 90": (
            "The curve of c of version v1 from 0 days on in seeds/health_curves.csv: "
            "no curve holds for older accounts: leave account_age_to_days empty."
        ),
        "delete from health_curves where account_age_to_days = 90": (
            "The curve of c of version v1 from 90 days on in seeds/health_curves.csv: "
            "no curve holds for younger ones: leave account_age_from_days empty."
        ),
        "update health_curves set account_age_to_days = 80 where points = 60": (
            "The curve of c of version v1 from 0 days on in seeds/health_curves.csv: "
            "its rows differ in account_age_to_days: write the same into each."
        ),
        "update health_curves set account_age_from_days = 9, account_age_to_days = 9 where segment = 'steady'": (
            "The curve of c of version v2 for the segment steady from 9 days on in seeds/health_curves.csv: "
            "account_age_to_days must be above account_age_from_days."
        ),
    },
    DIRECTION: {
        "update health_curves set points = 5 where points = 100": (
            "The curve of c of version v1 at 2.000000 in seeds/health_curves.csv: "
            "points fall, but more is better: correct them or the direction."
        ),
        "update health_curves set points = 101 where points = 100": (
            "The curve of c of version v1 at 2.000000 in seeds/health_curves.csv: points must lie between 0 and 100."
        ),
        "insert into health_curves values ('v2', 'c', null, null, 'steady', 2, 60)": (
            "The curve of c of version v2 at 2.000000 in seeds/health_curves.csv: "
            "points rise, but less is better: correct them or the direction."
        ),
        "insert into health_curves values ('v1', 'd', null, null, null, 4, 30), ('v1', 'd', null, null, null, 5, 9)": (
            "The curve of d of version v1 at 4.000000 in seeds/health_curves.csv: "
            "points rise after they fell, but the middle is best: let them rise first."
        ),
        "delete from health_curves where component = 'd' and breakpoint_value = 3": (
            "The curve of d of version v1 at 2.000000 in seeds/health_curves.csv: "
            "points are best at the end, but the middle is best: add what is beyond."
        ),
    },
    VERSIONS: {
        "update health_score_versions set effective_to_date = null": (
            "Version v1 of seeds/health_score_versions.csv: it and v2 both hold on 2026-09-01: let it end on that day."
        ),
        "update health_score_versions set effective_from_date = '2026-09-03' where health_score_version = 'v2'": (
            "Version v1 of seeds/health_score_versions.csv: no version holds from 2026-09-01 on: "
            "begin another on that day, or leave its effective_to_date empty."
        ),
        "update health_score_versions set effective_to_date = '2027-01-01' where health_score_version = 'v2'": (
            "Version v2 of seeds/health_score_versions.csv: no version holds from 2027-01-01 on: "
            "begin another on that day, or leave its effective_to_date empty."
        ),
        "insert into health_score_versions (health_score_version, effective_to_date) values ('v3', '2027-01-01')": (
            "Version v3 of seeds/health_score_versions.csv: "
            "it ends and never begins: fill in both effective dates or none."
        ),
        "update health_score_versions set band_confirm_days = 0 where health_score_version = 'v2'": (
            "Version v2 of seeds/health_score_versions.csv: band_confirm_days must be at least 1."
        ),
        "update health_score_versions set effective_from_date = null, effective_to_date = null": (
            "No version of seeds/health_score_versions.csv ever holds: give one an effective_from_date."
        ),
    },
    BANDS: {
        "update health_bands set upper_score = 55 where upper_score = 60": (
            "The band good of version v1 in seeds/health_bands.csv: the band below ends at 55.00: begin where it ends."
        ),
        "update health_bands set upper_score = 90 where lower_score = 60": (
            "The band good of version v1 in seeds/health_bands.csv: "
            "no band holds the scores above it: the best one ends at 100."
        ),
        "update health_bands set lower_score = 10 where upper_score = 60": (
            "The band bad of version v1 in seeds/health_bands.csv: "
            "no band holds the scores below it: the worst one begins at 0."
        ),
        "update health_bands set sort_order = 3 where lower_score = 60": (
            "The band good of version v1 in seeds/health_bands.csv: sort_order must be 2: 1 is the worst."
        ),
        "update health_bands set hysteresis_points = 2 where upper_score = 60": (
            "The band bad of version v1 in seeds/health_bands.csv: "
            "hysteresis_points must be 0: the worst band has no edge below it."
        ),
        "update health_bands set hysteresis_points = 20 where lower_score = 60": (
            "The band good of version v1 in seeds/health_bands.csv: "
            "hysteresis_points must be below half of the narrower band at its edge."
        ),
        "delete from health_bands where health_score_version = 'v2'": (
            "Version v2 has no bands: add them to seeds/health_bands.csv."
        ),
    },
    OWNED: {
        f"update health_overrides set {change} where account_id = 'a1'": (
            f"The override of {account} from 2026-03-01 in seeds/health_overrides.csv: {message}."
        )
        for change, account, message in [
            ("account_id = null", "nobody", "account_id is empty: write whose score it is"),
            ("reason = ' '", "a1", "reason is empty: write why it was decided"),
            ("owner = null", "a1", "owner is empty: write who answers for it"),
            ("override_kind = null", "a1", "override_kind is empty: write set, cap or floor"),
            ("score = 101", "a1", "score must lie between 0 and 100"),
            ("expires_on_date = null", "a1", "effective_from_date and expires_on_date must both be filled in"),
            ("expires_on_date = '2026-03-01'", "a1", "expires_on_date must be after effective_from_date"),
            ("expires_on_date = '2027-03-02'", "a1", "it must expire within 365 days: decide anew then"),
            ("health_score_version = 'v9'", "a1", "there is no version v9: leave it empty for every version"),
            ("account_id = 'a9'", "a9", "marts.accounts has no such account: correct its id or remove the row"),
        ]
    }
    | {
        "insert into health_overrides values ('a1', null, 'floor', 9, 'Why', 'Ann', '2026-03-01', '2026-04-20')": (
            "The override of a1 from 2026-03-01 in seeds/health_overrides.csv: "
            "another override of the account begins on that day: keep one."
        )
    },
    RUNNING_OUT: {
        "update health_overrides set expires_on_date = '2026-04-15' where account_id = 'a1'": (
            "The override of a1 by Ann expires on 2026-04-15: "
            "add a row from that day on to seeds/health_overrides.csv if it is still right."
        ),
        "update health_overrides set expires_on_date = '2026-04-01' where account_id = 'a1'": (
            "The override of a1 by Ann has expired on 2026-04-01: "
            "add a row from that day on to seeds/health_overrides.csv if it is still right."
        ),
    },
}
