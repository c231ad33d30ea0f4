"""An evaluation as data frames: what is missing stays missing, shares add up, long lists are cut with a sum."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessment_kit import wording
from assessment_kit.document import ImportRecord, parse_document
from assessment_kit.evaluate import evaluate
from assessment_kit.metrics import PARTS
from assessment_kit.pages import captions_work, tables, tables_flow, tables_payback, tables_work
from assessment_kit.readings import Answers
from tests.builders import GUIDE, document, evaluation, per, said, unknown

DATA = Path(__file__).parent / "data" / "report"
CURRENT = parse_document((DATA / "harbour-desk-2026-11-24.json").read_text(encoding="utf-8"))
PREVIOUS = parse_document((DATA / "harbour-desk-2026-05-12.json").read_text(encoding="utf-8"))
ANSWERS = Answers(CURRENT, GUIDE)
FOUND = evaluate(CURRENT, GUIDE)


def column(frame: pd.DataFrame, name: str) -> list[object]:
    return [row[name] for row in tables.records(frame)]


def test_toil_is_sorted_by_hours_with_its_running_share() -> None:
    frame = tables_work.toil(FOUND)
    assert column(frame, "name")[:2] == ["Restart the stuck import", "Morning checks"]
    assert column(frame, "value") == [60, 30, 10, 10, None]
    assert [round(share) for share in column(frame, "running") if share is not None] == [55, 82, 91, 100]


def test_a_task_without_hours_is_there_with_its_reason_and_without_a_number() -> None:
    row = tables.records(tables_work.toil(FOUND))[-1]
    assert (row["name"], row["value"], row["share"], row["figure"]) == ("Somebody else's reruns", None, None, "")
    assert row["reason"]


def test_payback_of_a_task_is_effort_over_what_it_saves() -> None:
    row = tables.records(tables_work.toil(FOUND))[0]
    assert (row["effort"], row["saved"], round(row["payback"], 2)) == (24, 54, 0.44)


def test_the_parts_of_the_month_and_what_is_left_make_the_capacity() -> None:
    rows = tables.records(tables.hours(FOUND))
    assert [row["kind"] for row in rows] == ["capacity"] + ["part"] * 4 + ["left"]
    team = rows.pop(0)
    assert (team["start"], team["end"], team["value"]) == (0, 780, 780)
    assert sum(row["value"] for row in rows) == pytest.approx(6 * 130)
    assert rows[-1]["end"] == pytest.approx(780)
    # Each bar begins where the one before ended.
    assert [row["start"] for row in rows[1:]] == pytest.approx([row["end"] for row in rows[:-1]])
    parts = [row["value"] for row in rows[:-1]]
    assert parts == sorted(parts, reverse=True)


def test_a_part_that_is_not_known_takes_no_room_and_is_named_in_what_is_left() -> None:
    rows = tables.records(tables.hours(evaluation({"team-size": 6, "hours-per-person": 100, "toil-tasks": unknown()})))
    assert [row["value"] for row in rows[1:5]] == [None] * 4
    assert all(row["reason"] for row in rows[1:5])
    assert (rows[-1]["name"], rows[-1]["value"]) == ("Everything else, and what is not known", 600)


def test_without_a_capacity_nothing_is_left() -> None:
    row = tables.records(
        tables.hours(evaluation({"toil-tasks": [{"task": "a", "times": per(1, "month"), "each": 60}]}))
    )[-1]
    assert row["value"] is None
    assert "How many people work in the team?" in row["reason"]


def test_more_work_than_hours_is_shown_as_more_not_as_a_negative_rest() -> None:
    task = {"task": "a", "times": per(200, "month"), "each": "60 min"}
    row = tables.records(tables.hours(evaluation({"team-size": 1, "hours-per-person": 100, "toil-tasks": [task]})))[-1]
    assert (row["name"], row["kind"], row["figure"]) == ("More than the team has", "over", "100 h")


def test_scores_carry_the_score_of_last_time() -> None:
    frame = tables.scores(FOUND, evaluate(PREVIOUS, GUIDE)).set_index("id")
    assert frame.loc["toil", "last"] < frame.loc["toil", "value"]
    assert tables.scores(FOUND)["last"].isna().all()


def test_a_section_without_enough_answers_has_no_score_but_what_is_possible() -> None:
    row = tables.records(tables.scores(evaluation({"runbooks": "clear"})))[1]
    assert (row["value"], row["low"] < row["high"]) == (None, True)
    assert row["reason"].startswith("Not enough answers")


def test_incident_types_keep_the_teams_own_words_and_have_the_guides_labels() -> None:
    frame = tables_work.incident_types(ANSWERS)
    assert column(frame, "name") == ["Failed batch jobs or late files", "Errors", "Crane telemetry", "Outages"]
    assert column(frame, "value") == [40, 25, 10, None]
    assert column(frame, "low")[0] == 30, "an estimate may be a quarter off"


def test_all_rarer_types_together_are_not_the_most_common_type() -> None:
    kinds = [{"type": "Other types", "per_month": 60}, {"type": "Network", "per_month": 25}]
    frame = tables_work.incident_types(Answers(document({"incident-types": said(kinds)}), GUIDE))
    assert captions_work.incident_types(frame, None, 2).title.startswith("“Network” is the most common type: 25 of 85")
    assert captions_work.incident_types(frame.head(1), None, 1).title.startswith("“Other types” is")


def test_alerts_become_alerts_that_need_an_action() -> None:
    rows = {row["kind"]: row for row in tables.records(tables_flow.alerts(FOUND))}
    assert rows["action"]["value"] == pytest.approx(rows["all"]["value"] * 0.35)
    assert (rows["action"]["of_first"], rows["noise"]["of_first"]) == (35, 65)
    assert rows["incidents"]["of_first"] is None, "incidents are no part of the alerts"
    assert rows["noise"]["start"] == rows["action"]["end"], "noise is drawn behind what needs an action"
    assert rows["noise"]["end"] == pytest.approx(rows["all"]["end"])


def test_more_escalations_than_incidents_have_no_share() -> None:
    found = evaluation({"incident-volume": per(5, "month"), "escalations-sre": per(9, "month")})
    frame = tables_flow.escalations(found, Answers(document({}), GUIDE))
    row = next(row for row in tables.records(frame) if row["id"] == "escalations_per_month")
    assert (row["value"], row["of_first"]) == (9, None)


def test_shares_of_one_leave_the_rest_of_a_hundred() -> None:
    shares = tables_work.shares(
        ANSWERS, ["application-share", "infrastructure-share"], ["Application", "Infrastructure"]
    )
    rows = tables.records(tables_work.stacked(shares, "the rest"))
    assert [(row["name"], row["value"]) for row in rows] == [
        ("Application", 45),
        ("Infrastructure", None),
        ("the rest", 55),
    ]


def test_shares_carry_the_value_of_level_4_from_the_question_or_from_the_metric() -> None:
    frame = tables_work.shares(ANSWERS, ["monitoring-coverage", "actionable-alerts"], ["a", "b"])
    assert column(frame, "target") == [85, 90]
    assert column(frame, "n") == [20, None]


def test_an_average_incident_is_detected_diagnosed_and_restored() -> None:
    frame, missing = tables_work.course(FOUND)
    assert (column(frame, "start"), column(frame, "end"), missing) == ([0, 12, 37], [12, 37, 90], [])


def test_times_that_do_not_fit_into_one_another_make_no_course() -> None:
    frame, _ = tables_work.course(evaluation({"time-to-detect": "2h", "time-to-restore": "1h"}))
    assert frame.empty


COUNTED = "Mean time from 'Opened' to 'Resolved', by the clock, of the incidents that ended"


def test_a_time_to_restore_from_the_opening_comes_after_the_time_until_noticed() -> None:
    restore = said("64 min", basis="measured", definition=COUNTED)
    frame, _ = tables_work.course(evaluation({"time-to-detect": "31 min", "time-to-restore": restore}))
    rows = {row["name"]: row for row in tables.records(frame)}
    assert (rows["Until detected"]["end"], rows["Until resolved"]["end"]) == (31, 95)
    assert rows["Until resolved"]["value"] == 64, "nothing of it passed before the ticket was opened"


def test_the_time_to_diagnose_is_a_part_of_a_time_to_restore_from_the_opening() -> None:
    answers = {"time-to-detect": "2h", "time-to-diagnose": "25 min"}
    restore = said("60 min", basis="measured", definition=COUNTED)
    frame, _ = tables_work.course(evaluation({**answers, "time-to-restore": restore}))
    rows = {row["name"]: row for row in tables.records(frame)}
    assert [rows[name]["end"] for name in rows] == [120, 145, 180]
    assert rows["Until resolved"]["value"] == 35
    short = said("20 min", basis="measured", definition=COUNTED)
    assert tables_work.course(evaluation({**answers, "time-to-restore": short}))[0].empty


def test_weeks_of_an_import_that_cannot_be_read_are_left_out() -> None:
    weekly = [
        {"week": "2026-08-10", "incidents": 30, "p1_p2": 99, "complete": True},
        {"week": "2026-08-03", "incidents": 9, "complete": False},
        {"week": "soon", "incidents": 1},
        {"week": "2026-08-17", "incidents": "many"},
        {"week": "2026-08-24", "incidents": -1},
        {},
    ]
    rows = tables.records(tables.weekly(ImportRecord(source="x.csv", weekly=weekly)))
    assert [(row["week"], row["incidents"], row["p1_p2"], row["other"], row["complete"]) for row in rows] == [
        ("2026-08-03", 9, 0, 9, False),
        ("2026-08-10", 30, 30, 0, True),
    ]
    assert rows[0]["until"] == "2026-08-09"


def test_blind_spots_are_sorted_by_hours_then_by_effect() -> None:
    spots = [
        {"area": "a", "effect": "low"},
        {"area": "b", "effect": "high"},
        {"area": "c", "effect": "low", "hours_lost": 2},
    ]
    frame = tables_flow.blind_spots(Answers(document({"blind-spots": spots}), GUIDE))
    assert column(frame, "area") == ["c", "b", "a"]
    assert column(frame, "value") == [2, None, None]


def test_blind_spots_of_one_area_are_added_up() -> None:
    spots = [
        {"area": "Broker", "unseen": "lag", "effect": "low", "hours_lost": 2},
        {"area": "broker", "unseen": "full disks", "effect": "high", "hours_lost": 3},
        {"area": "files", "unseen": "late ones", "hours_lost": 4},
        {"area": "broker", "unseen": "keys"},
    ]
    areas = tables_flow.by_area(tables_flow.blind_spots(Answers(document({"blind-spots": spots}), GUIDE)))
    assert column(areas, "name") == ["broker", "files: late ones"]
    assert (column(areas, "value"), column(areas, "grave"), column(areas, "spots")) == ([5, 4], [True, False], [2, 1])


def test_actions_without_a_date_are_not_in_time() -> None:
    rows = tables.records(tables.actions(FOUND))
    assert [(row["name"], row["days"]) for row in rows] == [
        ("Alert on missing customs files", 7),
        ("Review the ten most used runbooks", 21),
    ]


def test_a_long_list_is_cut_and_the_others_are_added_up_without_a_bar() -> None:
    tasks = [{"task": f"task {n:02}", "times": per(1, "month"), "each": 60} for n in range(20)]
    frame = tables.top(tables_work.toil(evaluation({"toil-tasks": tasks})), "hours")
    assert len(frame) == 15
    last = tables.records(frame)[-1]
    assert (last["name"], last["figure"], last["value"]) == ("6 others", "6 h", None)


def test_records_are_plain() -> None:
    frame = pd.DataFrame({"a": np.array([1.5, np.nan]), "b": [1, 2], "c": ["x", None]})
    records = tables.records(frame)
    assert records == [{"a": 1.5, "b": 1, "c": "x"}, {"a": None, "b": 2, "c": None}]
    json.dumps(records, allow_nan=False)


@pytest.mark.parametrize(
    "typed, drawn",
    [
        ("two\nlines\tand \x00 controls", "two lines and controls"),
        ("turned \u202e around \u2066 here", "turned around here"),
        ("family 👨\u200d👩\u200d👧 café", "family 👨\u200d👩\u200d👧 café"),
        ("\ud800 lone surrogate", "lone surrogate"),
        ("מערכת הזמנות", "מערכת הזמנות"),
    ],
)
def test_a_name_in_a_chart_is_one_line_that_cannot_disturb_it(typed: str, drawn: str) -> None:
    assert tables.short_name(typed) == drawn


def test_a_very_long_name_is_cut() -> None:
    assert len(tables.short_name("x" * 100_000)) == tables.LONGEST_NAME


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=25))
def test_labels_of_the_payback_map_name_every_point_once(points: list[tuple[float, float]]) -> None:
    names = [f"name{n}" for n in range(len(points))]
    labels = tables_payback.place_labels(points, range(1, len(points) + 1), names)
    assert all(not (left and right) for left, right in labels), "a label stands on one side"
    named = sum(len((left or right).split("  ")[0].split(", ")) for left, right in labels if left or right)
    assert named <= len(points)


def test_points_that_touch_share_one_label() -> None:
    labels = tables_payback.place_labels([(0.5, 0.5), (0.501, 0.5), (0.1, 0.9)], [4, 2, 7], ["a", "b", "c"])
    assert labels == [("", "2, 4"), ("", ""), ("", "7  c")]


def test_a_label_at_the_right_edge_stands_on_the_left() -> None:
    assert tables_payback.place_labels([(0.98, 0.5)], [1], ["restart the import"]) == [("1  restart the import", "")]


places = st.floats(min_value=0.02, max_value=0.98)


@given(st.lists(st.tuples(places, places, places, places), min_size=1, max_size=20), st.integers(1, 34))
@example([(0.5, 0.5, 0.1, 0.9), (0.42, 0.5, 0.5, 0.5)], 34)
def test_no_name_is_struck_through_by_a_point_an_interval_or_another_label(
    rows: list[tuple[float, float, float, float]], length: int
) -> None:
    points = [(x, y) for x, y, _, _ in rows]
    # Upright intervals through the points, as payback has them.
    bars = [[(x, x, min(y, foot, head), max(y, foot, head))] for x, y, foot, head in rows]
    names = ["m" * length] * len(rows)
    labels = tables_payback.place_labels(points, range(1, len(rows) + 1), names, bars)
    shown = [
        (index, tables_payback._box(x, y, left or right, bool(left)), "  " in (left or right))
        for index, ((x, y), (left, right)) in enumerate(zip(points, labels, strict=True))
        if left or right
    ]

    def meet(one: tables_payback.Box, other: tables_payback.Box) -> bool:
        return one[0] < other[1] and one[1] > other[0] and one[2] < other[3] and one[3] > other[2]

    for place, (index, box, named) in enumerate(shown):
        if not named:
            continue  # a number stands where it covers least; a name where it covers nothing
        earlier = [other for _, other, _ in shown[:place]]
        through = [bar for owner, found in enumerate(bars) if owner != index for bar in found]
        assert not [other for other in earlier + through if meet(box, other)]


def test_a_saving_that_may_be_nothing_is_drawn_on_a_logarithmic_scale() -> None:
    task = {
        "task": "a",
        "times": per(10, "month"),
        "each": 60,
        "automatable": "yes",
        "effort_hours": 8,
        "upkeep_hours": 6,
    }
    frame = tables_work.toil(evaluation({"toil-tasks": said([task], "guess")}))
    assert frame["saved_low"].iloc[0] <= 0 < frame["saved"].iloc[0]
    found = tables_payback.payback_map(frame)
    assert found.savings[0] > 0
    assert found.frame["saved_low"].iloc[0] > 0


def test_every_part_of_the_month_has_a_name() -> None:
    assert set(wording.PART_NAMES) == set(PARTS)
