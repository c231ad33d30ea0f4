"""A workbook with a table on each of several sheets: read together where they are alike, else counted and told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from assessment_kit.incidents import read_export


def workbook(path: Path, sheets: dict[str, pd.DataFrame]) -> Path:
    with pd.ExcelWriter(path) as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, index=False)
    return path


def month(number: int, rows: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"INC{number}{row:02d}" for row in range(rows)],
            "opened": [f"2026-{number:02d}-{row + 1:02d} 10:00" for row in range(rows)],
        }
    )


def test_sheets_of_equal_columns_are_read_together(tmp_path: Path) -> None:
    third = month(3, 4)[["opened", "id"]]
    third.loc[2, "opened"] = "soon"
    path = workbook(tmp_path / "year.xlsx", {"Jan": month(1, 2), "Feb": month(2, 3), "Mar": third})
    found = read_export(path, team="T")
    assert (found.rows_read, found.incidents) == (9, 8)
    assert (
        "3 sheets with the same columns are read together: 'Jan' (2 rows), 'Feb' (3 rows) and 'Mar' (4 rows). Their "
        "rows are counted on: row 2 of 'Feb' is row 5." in found.decisions
    )
    [entry] = found.left_out
    # Row 4 of the third sheet, after 3 rows of the first and 4 of the second.
    assert entry.examples == ("row 11 (INC302): 'soon'",)


def test_a_sheet_of_other_columns_is_counted_and_warned_about(tmp_path: Path) -> None:
    other = pd.DataFrame({"Fall": ["A", "B"], "Beginn": ["2026-01-01", "2026-01-02"]})
    cover = pd.DataFrame({"Report": ["Incidents of the year"]})
    path = workbook(tmp_path / "year.xlsx", {"Cover": cover, "Jan": month(1, 5), "Other": other})
    found = read_export(path, team="T")
    assert (found.rows_read, found.rows_used) == (7, 5)
    assert found.to_dict()["left_out"] == {"rows of sheets with other columns": 2}
    assert "Of 3 sheets the fullest is read, 'Jan'; not read: 'Cover' and 'Other'." in found.decisions
    [warning] = found.warnings
    assert warning.startswith("Not read are sheets with other columns ('Other': 2 rows)")
