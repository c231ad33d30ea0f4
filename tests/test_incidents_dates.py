"""Times out of texts: the order of day and month is decided once per column, and nothing is lost silently."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_kit.errors import ExportError
from assessment_kit.incidents import read_export
from assessment_kit.incidents.date_order import Order, decide_orders
from assessment_kit.incidents.dates import parse


def read(text: str, *, day_first: bool | None = None) -> str:
    return str(parse(pd.Series([text], dtype=str), Order(day_first)).values[0])


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2024-03-05", "2024-03-05T00:00:00.000000"),
        ("2024-03-05 09:10", "2024-03-05T09:10:00.000000"),
        ("2024-03-05T09:10:11Z", "2024-03-05T09:10:11.000000"),
        ("2012-05-02T10:00:00+01:00", "2012-05-02T09:00:00.000000"),
        ("2024-03-05 09:10:11.128189467", "2024-03-05T09:10:11.128189"),
        ("2024-03-05 09:10:11,123", "2024-03-05T09:10:11.123000"),
        ("2022-05-27T9:50:00-00:00", "2022-05-27T09:50:00.000000"),
        ("2024-03-05 09:10:11 UTC", "2024-03-05T09:10:11.000000"),
        ("2024/3/5 9:10", "2024-03-05T09:10:00.000000"),
        ("25/Feb/26 10:17 PM", "2026-02-25T22:17:00.000000"),
        ("25 February 2026", "2026-02-25T00:00:00.000000"),
        ("Feb 3, 2026 12:05 AM", "2026-02-03T00:05:00.000000"),
        ("Tue, 03 Feb 2026 10:00:01 +0200", "2026-02-03T08:00:01.000000"),
        ("1700000000", "2023-11-14T22:13:20.000000"),
        ("45296.5", "2024-01-05T12:00:00.000000"),
        ("45296.427083333336", "2024-01-05T10:15:00.000000"),
        ("1700000000123", "2023-11-14T22:13:20.123000"),
        ("  2024-03-05   09:10 ", "2024-03-05T09:10:00.000000"),
        ("13/04/2026 10:00\u202fAM", "NaT"),
    ],
)
def test_forms_that_need_no_decision(text: str, expected: str) -> None:
    # The last one does: without an order decided, a numeric date is not read at all.
    assert read(text) == expected


def test_a_numeric_date_is_read_in_the_order_decided() -> None:
    assert read("03/04/2026 10:00", day_first=True) == "2026-04-03T10:00:00.000000"
    assert read("03/04/2026 10:00", day_first=False) == "2026-03-04T10:00:00.000000"
    assert read("3.4.26", day_first=True) == "2026-04-03T00:00:00.000000"


@pytest.mark.parametrize("text", ["", "  ", "?", "NULL", "N/A", "NaN", "#MULTIVALUE", "None"])
def test_markers_of_nothing_are_missing_not_unreadable(text: str) -> None:
    stamps = parse(pd.Series([text], dtype=str), Order(None))
    assert np.isnat(stamps.values).all()
    assert not stamps.unreadable.any()


@pytest.mark.parametrize("text", ["soon", "=1+1", "2024-13-45", "31/04/2026", "12"])
def test_what_is_not_a_time_is_counted_as_unreadable(text: str) -> None:
    stamps = parse(pd.Series(["2024-01-01", text], dtype=str), Order(True))
    assert stamps.unreadable.tolist() == [False, True]
    assert not stamps.impossible.any()


@pytest.mark.parametrize("text", ["1970-01-01 00:00", "2099-01-01", "31.12.2099", "1/Jan/1970 12:00 AM"])
def test_a_time_before_1990_or_after_2089_is_no_time_of_an_incident(text: str) -> None:
    stamps = parse(pd.Series(["2024-01-01", text], dtype=str), Order(True))
    assert stamps.impossible.tolist() == [False, True]
    assert np.isnat(stamps.values).tolist() == [False, True]
    assert not stamps.unreadable.any()


def test_a_date_that_does_not_exist_does_not_hide_the_others() -> None:
    stamps = parse(pd.Series(["31/04/2026", "30/04/2026", "x", "29/04/2026 10:00"], dtype=str), Order(True))
    assert stamps.unreadable.tolist() == [True, False, True, False]


def test_zones_are_reported() -> None:
    stamps = parse(pd.Series(["2024-01-01T10:00+01:00", "2024-07-01 10:00 +0200", "2024-01-01 10:00"]), Order(None))
    assert (stamps.offsets, stamps.zoned, stamps.unzoned) == (frozenset({60, 120}), 2, 1)


def test_a_date_alone_carries_no_zone() -> None:
    stamps = parse(pd.Series(["2024-01-02", "25-Feb-2026"], dtype=str), Order(None))
    assert (stamps.zoned, stamps.unzoned) == (0, 2)


# -------------------------------------------------------------------------------------------------- day or month first?


def orders(*columns: list[str], day_first: bool | None = None) -> list[bool | None]:
    named = {f"c{place}": pd.Series(texts, dtype=str) for place, texts in enumerate(columns)}
    return [order.day_first for order in decide_orders(named, day_first, "x.csv").values()]


def test_a_number_above_twelve_is_evidence() -> None:
    assert orders(["03/04/2026", "13/04/2026"]) == [True]
    assert orders(["03/04/2026", "04/13/2026"]) == [False]


def test_iso_dates_need_no_order() -> None:
    assert orders(["2026-03-04", ""]) == [None]


def test_a_column_without_evidence_follows_the_others() -> None:
    assert orders(["03/04/2026"], ["13/04/2026"]) == [True, True]


def test_a_typing_error_is_no_evidence() -> None:
    assert orders(["14/15/2026", "13/04/2026"]) == [True]


def test_no_evidence_is_a_question() -> None:
    with pytest.raises(ExportError) as refused:
        orders(["03/04/2026", "05/06/2026"])
    [problem] = refused.value.problems
    assert problem.where == "x.csv: column 'c0'"
    assert "does '03/04/2026' have the day or the month first?" in problem.what
    assert "--day-first or --month-first" in problem.remedy


def test_evidence_for_both_is_a_question_that_shows_both() -> None:
    with pytest.raises(ExportError, match=r"'13/04/2026' has the day first, '04/13/2026' the month"):
        orders(["13/04/2026", "04/13/2026"])


def test_all_columns_that_cannot_be_decided_are_named_at_once() -> None:
    with pytest.raises(ExportError) as refused:
        orders(["03/04/2026"], ["05/06/2026"])
    assert len(refused.value.problems) == 2


def test_what_the_user_says_goes_first() -> None:
    assert orders(["03/04/2026"], ["2026-01-01"], day_first=False) == [False, None]


moments = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2089, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)


@pytest.mark.parametrize("day_first", [True, False])
def test_an_order_said_against_the_evidence_is_refused_with_how_much_speaks_against_it(day_first: bool) -> None:
    against = ["01/13/2026", "01/14/2026", "01/14/2026"] if day_first else ["13/01/2026", "14/01/2026", "14/01/2026"]
    with pytest.raises(ExportError) as refused:
        orders(["03/04/2026", *against, "soon"], ["01/02/2026"], day_first=day_first)
    [problem] = refused.value.problems
    said, other = ("day", "month") if day_first else ("month", "day")
    assert problem.what == (
        f"you said that the {said} comes first, but 3 dates can only have the {other} first ('{against[0]}'), none the "
        f"{said}: the others would be misread"
    )
    assert problem.remedy == f"Say that the {other} comes first, or leave the order open."


def test_a_stray_date_against_the_order_said_is_warned_about() -> None:
    column = pd.Series(["13/01/2026", "14/01/2026", "01/13/2026 of Anna"], dtype=str)
    [order] = decide_orders({"opened": column}, True, "x.csv").values()
    assert order.day_first is True
    told = "1 date can only have the month first ('01/13/2026')"
    assert order.warning == f"'opened' has the day first, as you said, but {told}."


@settings(max_examples=60, deadline=None)
@given(times=st.lists(moments, min_size=1, max_size=40), day_first=st.booleans(), mark=st.sampled_from("/.-"))
def test_a_column_is_read_right_or_asked_about_never_read_wrong(
    times: list[datetime], day_first: bool, mark: str
) -> None:
    form = mark.join(("%d", "%m", "%Y") if day_first else ("%m", "%d", "%Y")) + " %H:%M:%S"
    column = pd.Series([moment.strftime(form) for moment in times], dtype=str)
    try:
        [order] = decide_orders({"opened": column}, None, "x.csv").values()
    except ExportError:
        assert all(moment.day <= 12 for moment in times), "a day above 12 would have decided it"
        [order] = decide_orders({"opened": column}, day_first, "x.csv").values()
    assert parse(column, order).values.tolist() == times


@settings(max_examples=60, deadline=None)
@given(times=st.lists(moments, min_size=1, max_size=30), minutes=st.integers(-14 * 4, 14 * 4).map(lambda n: n * 15))
def test_a_zone_shifts_the_instant_and_nothing_else(times: list[datetime], minutes: int) -> None:
    sign, size = ("-" if minutes < 0 else "+"), abs(minutes)
    zone = f"{sign}{size // 60:02d}:{size % 60:02d}"
    inside = [moment for moment in times if 1990 < moment.year < 2089] or [datetime(2024, 1, 1)]
    column = pd.Series([moment.isoformat() + zone for moment in inside], dtype=str)
    stamps = parse(column, Order(None))
    assert stamps.values.tolist() == [moment - timedelta(minutes=minutes) for moment in inside]
    assert stamps.offsets == {minutes}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=10))
def test_any_text_is_a_time_missing_or_counted(texts: list[str]) -> None:
    stamps = parse(pd.Series(texts, dtype=str), Order(True))
    for text, stamp, unreadable in zip(texts, stamps.values, stamps.unreadable, strict=True):
        assert unreadable <= bool(text.strip()), "an empty cell is missing"
        assert not (unreadable and not np.isnat(stamp))


# --------------------------------------------------------------------------------------------- months, and what is lost


@pytest.mark.parametrize(
    "text, month",
    [
        ("06/Mär/25 10:17 AM", 3), ("06/Mrz/25 10:17 AM", 3), ("06/Mai/25 10:17 AM", 5), ("06/Okt/25 10:17 AM", 10),
        ("06/Dez/25 10:17 AM", 12), ("06-févr.-25 10:17", 2), ("6 août 2025 10:17", 8), ("06 juil. 2025 10:17", 7),
        ("6. März 2025 10:17", 3), ("6 de marzo de 2025 10:17", 3), ("06/ene/25 10:17", 1), ("06-dic-2025 10:17", 12),
        ("06-giu-2025 10:17", 6), ("06/ott/25 10:17", 10), ("6 de fevereiro de 2025 10:17", 2), ("06/out/25 10:17", 10),
        ("06-mrt-2025 10:17", 3), ("06 mei 2025 10:17", 5), ("06-Sept-2025 10:17", 9), ("06.Jän.2025 10:17", 1),
        ("06/Mar/25 10:17 AM", 3), ("6 March 2025 10:17", 3),
    ],
)  # fmt: skip
def test_months_in_the_languages_of_exports(text: str, month: int) -> None:
    assert parse(pd.Series([text]), Order(None)).values[0] == np.datetime64(f"2025-{month:02d}-06T10:17", "us")


def export_of(folder: Path, unreadable: int, of: int) -> Path:
    lines = [f"{n},{'soon' if n < unreadable else f'2026-01-{n % 28 + 1:02d} 10:00'}" for n in range(of)]
    (folder / "x.csv").write_text("id,opened\n" + "\n".join(lines) + "\n", "utf-8")
    return folder / "x.csv"


def test_more_than_a_few_unreadable_times_are_warned_about_loudly(tmp_path: Path) -> None:
    assert not any("too low" in text for text in read_export(export_of(tmp_path, 2, 100), team="T").warnings)
    [text] = [text for text in read_export(export_of(tmp_path, 3, 100), team="T").warnings if "too low" in text]
    assert text.startswith("Every volume is too low: of 'opened' 3 of 100 times (3 %) cannot be read")


def test_an_export_of_which_more_than_a_tenth_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as caught:
        read_export(export_of(tmp_path, 11, 100), team="T")
    [problem] = caught.value.problems
    assert problem.what.startswith("11 of 100 times (11 %) cannot be read: row 2 (0): 'soon'")
    assert "every volume is too low" in problem.remedy


def test_a_time_outside_the_years_is_said_to_be_that(tmp_path: Path) -> None:
    lines = [
        f"{n},2026-01-{n + 1:02d} 10:00,{'2099-12-31' if n == 3 else f'2026-01-{n + 1:02d} 12:00'}" for n in range(9)
    ]
    (tmp_path / "x.csv").write_text("id,opened,resolved\n" + "\n".join(lines) + "\n", "utf-8")
    found = read_export(tmp_path / "x.csv", team="T")
    assert "'resolved' is not between 1990 and 2089 in 1 row (row 5 (3)): it counts as missing there." in found.warnings
    assert [entry.reason for entry in found.quotes] == ["cells of 'resolved' that are not between 1990 and 2089"]


def test_one_odd_time_in_a_short_table_refuses_nothing(tmp_path: Path) -> None:
    assert read_export(export_of(tmp_path, 1, 4), team="T").warnings == ()
    assert any("too low" in text for text in read_export(export_of(tmp_path, 2, 4), team="T").warnings)
    with pytest.raises(ExportError, match=r"3 of 20 times \(15 %\) cannot be read"):
        read_export(export_of(tmp_path, 3, 20), team="T")
