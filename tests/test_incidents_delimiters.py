"""Which sign separates the columns, where cells or lines above the header hold others."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessment_kit.incidents import read_export
from assessment_kit.incidents.text_table import form_of

SIGNS = [";", "\t", "|"]
#: One, two and three commas in a date.
DATES = ["{:02d}.01.2025, 10:00", "Jan {}, 2025, 10:00", "Mon, Jan {}, 2025, 10:00"]


def table(sign: str, header: tuple[str, ...], date: str) -> str:
    lines = [sign.join(["T1"] * (len(header) - 2) + [date.format(n % 28 + 1)] * 2) for n in range(30)]
    return "\n".join([sign.join(header), *lines]) + "\n"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("above", ["", "Report\n", "Report: network, mail\n"])
@pytest.mark.parametrize("header", [("Opened", "Resolved"), ("Ticket", "Opened", "Resolved")])
def test_commas_within_dates_separate_nothing(sign: str, date: str, above: str, header: tuple[str, ...]) -> None:
    form = form_of(above + table(sign, header, date), "export.csv")
    assert (form.delimiter, form.header) == (sign, header)
    assert form.skipped == ((above.strip(),) if above else ())


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    "header", [("Ticket", "Opened, local", "Resolved"), ("No.", "Opened, local", "Resolved, local")]
)
def test_commas_in_the_header_too(sign: str, header: tuple[str, ...]) -> None:
    assert form_of(table(sign, header, DATES[0]), "export.csv").header == header


def test_a_few_odd_rows_do_not_count() -> None:
    lines = [f"T{n};03.01.2025, 10:00;03.01.2025, 11:00{';x' * (n % 9 == 3)}" for n in range(30)]
    assert form_of("Ticket;Opened;Resolved\n" + "\n".join(lines), "export.csv").delimiter == ";"


def test_semicolons_within_cells_and_above_the_header_separate_nothing() -> None:
    text = "Report: incidents; team A\nid,opened,summary\n" + "1,2025-01-03 10:00,mail; print\n" * 30
    form = form_of(text, "export.csv")
    assert (form.delimiter, form.header) == (",", ("id", "opened", "summary"))


def test_such_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(table(";", ("Ticket", "Opened", "Resolved"), DATES[0]).replace("T1;", "T;"))
    found = read_export(path, team="T")
    assert found.columns == {"id": "Ticket", "opened": "Opened", "resolved": "Resolved"}
