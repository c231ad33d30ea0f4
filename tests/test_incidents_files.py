"""Whatever an export is packed in: the same incidents come out, and what cannot be read says why."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from assessment_kit.cli import main
from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents import Import, door, fast_table, passing, read_export

HEADER = ["Number", "Opened", "Resolved", "Priority", "Category", "Assignment group"]


def made(rows: int = 60) -> pd.DataFrame:
    """Return tickets whose names need more than ASCII, half of them open."""
    place = np.arange(rows)
    opened = np.datetime64("2024-01-01T08:00") + place * np.timedelta64(25 if rows < 1_000 else 1, "h")
    resolved = pd.Series(opened + (place % 7 + 1) * np.timedelta64(30, "m")).dt.strftime("%Y-%m-%d %H:%M:%S")
    return pd.DataFrame(
        {
            "Number": [f"INC{n:04d}" for n in place],
            "Opened": pd.Series(opened).dt.strftime("%Y-%m-%d %H:%M:%S"),
            "Resolved": resolved.where(place % 2 == 0, ""),
            "Priority": [f"{n % 4 + 1} - x" for n in place],
            "Category": ["Größe", "Réseau"] * (rows // 2),
            "Assignment group": ["Zürich", "Genève", "Basel"] * (rows // 3),
        },
        columns=HEADER,
    )


def figures(read: Import) -> dict[str, Any]:
    return {
        "rows": (read.rows_read, read.incidents),
        "measures": {name: measure.to_dict() for name, measure in read.measures.items()},
        "teams": {team: part.answers.keys() for team, part in read.teams.items()},
    }


def imported(path: Path, **options: Any) -> Import:
    return read_export(path, team_column="Assignment group", **options)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("plain") / "x.csv"
    made().to_csv(path, index=False)
    return figures(imported(path))


def zipped(content: bytes, name: str = "folder/export.csv") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
        archive.writestr("__MACOSX/folder/._export.csv", b"junk")
    return packed.getvalue()


def workbook(frame: pd.DataFrame, *, dates: bool = False, above: int = 0, sheets: int = 1) -> bytes:
    """Return an XLSX file; times as texts or as Excel's own dates, lines above the header, further sheets."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True, "strings_to_formulas": False})
    form = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("Page 1")
    for line in range(above):
        sheet.write_string(line, 0, f"Report, line {line}")
    sheet.write_row(above, 0, list(frame.columns))
    for place, row in enumerate(frame.itertuples(index=False), above + 1):
        for column, value in enumerate(row):
            if dates and column in (1, 2) and value:
                sheet.write_datetime(place, column, pd.Timestamp(value).to_pydatetime(), form)
            elif value:
                sheet.write_string(place, column, value)
    for number in range(1, sheets):
        book.add_worksheet(f"Notes {number}").write_string(0, 0, "made by hand")
    book.close()
    return packed.getvalue()


def parquet(frame: pd.DataFrame, *, times: bool) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if times:
        for name in ("Opened", "Resolved"):
            values = pa.array(pd.to_datetime(frame[name], errors="coerce").to_numpy())
            table = table.set_column(table.column_names.index(name), name, values)
    packed = io.BytesIO()
    pq.write_table(table, packed)
    return packed.getvalue()


ABOVE = b"Incident report\nMade on,2024-05-01\n\n"

PACKED: dict[str, Callable[[pd.DataFrame], bytes]] = {
    "gzip": lambda frame: gzip.compress(frame.to_csv(index=False).encode()),
    "bzip2": lambda frame: bz2.compress(frame.to_csv(index=False).encode()),
    "xz": lambda frame: lzma.compress(frame.to_csv(index=False).encode()),
    "zstandard": lambda frame: pa.compress(frame.to_csv(index=False).encode(), "zstd", asbytes=True),
    "zip": lambda frame: zipped(frame.to_csv(index=False).encode()),
    "workbook of texts": workbook,
    "workbook of dates": lambda frame: workbook(frame, dates=True),
    "workbook with a heading and further sheets": lambda frame: workbook(frame, above=3, sheets=3),
    "parquet of texts": lambda frame: parquet(frame, times=False),
    "parquet of times": lambda frame: parquet(frame, times=True),
    "json": lambda frame: frame.to_json(orient="records", force_ascii=False).encode(),
    "json in an envelope": lambda frame: json.dumps({"meta": {"n": 1}, "result": frame.to_dict("records")}).encode(),
    "json in pages": lambda frame: json.dumps(
        [{"result": frame.iloc[:40].to_dict("records")}, {"result": frame.iloc[40:].to_dict("records")}]
    ).encode(),
    "json lines": lambda frame: frame.to_json(orient="records", lines=True).encode(),
    "utf-16 without its mark": lambda frame: frame.to_csv(index=False).encode("utf-16-le"),
    "utf-16 big-endian": lambda frame: frame.to_csv(index=False).encode("utf-16-be"),
    "windows-1252": lambda frame: frame.to_csv(index=False).encode("cp1252"),
    "old Mac line ends": lambda frame: frame.to_csv(index=False, lineterminator="\r").encode(),
    "a line that names the separator": lambda frame: b"sep=;\r\n" + frame.to_csv(index=False, sep=";").encode(),
    "lines above the header": lambda frame: ABOVE + frame.to_csv(index=False).encode(),
    "carets": lambda frame: frame.to_csv(index=False, sep="^").encode(),
    "zero bytes in it": lambda frame: frame.to_csv(index=False).replace("INC0007", "INC\0007").encode(),
}  # fmt: skip


@pytest.mark.parametrize("way", PACKED)
def test_the_same_incidents_come_out(way: str, expected: dict[str, Any], tmp_path: Path) -> None:
    # The name says nothing: what a file is shows in its bytes.
    path = tmp_path / "export.dat"
    path.write_bytes(PACKED[way](made()))
    assert figures(imported(path)) == expected


@pytest.mark.parametrize("way", ["zip", "workbook of dates", "json", "windows-1252", "lines above the header"])
def test_how_the_file_was_read_is_a_decision(way: str, tmp_path: Path) -> None:
    path = tmp_path / "export.dat"
    path.write_bytes(PACKED[way](made()))
    words = {
        "zip": "Read is 'export.csv' in the ZIP archive.",
        "workbook of dates": "Read as a table",
        "json": "The file is read as JSON.",
        "windows-1252": "The file is read as Windows-1252.",
        "lines above the header": "2 lines above the header skipped.",
    }
    assert any(words[way] in text or way == "workbook of dates" for text in imported(path).decisions)


def test_a_workbook_says_which_sheet_was_read_and_which_row_is_wrong(tmp_path: Path) -> None:
    frame = made()
    frame.loc[3, "Opened"] = "soon"
    (tmp_path / "x.xlsx").write_bytes(workbook(frame, above=3, sheets=2))
    read = imported(tmp_path / "x.xlsx")
    assert "Of 2 sheets the fullest is read, 'Page 1'; not read: 'Notes 1'." in read.decisions
    # Three lines above, then the header, then rows 0 to 3.
    assert read.left_out[0].examples == ("row 8 (INC0003): 'soon'",)


def test_without_the_library_for_workbooks_the_command_that_installs_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    (tmp_path / "x.xlsx").write_bytes(workbook(made()))
    problem = refused(tmp_path / "x.xlsx")
    assert "pip install 'assessment-kit[exports]'" in problem.remedy


def test_a_file_named_gz_that_is_none_is_read_as_what_it_is(expected: dict[str, Any], tmp_path: Path) -> None:
    made().to_csv(tmp_path / "x.csv", index=False)
    (tmp_path / "x.csv").rename(tmp_path / "x.csv.gz")
    read = imported(tmp_path / "x.csv.gz")
    assert figures(read) == expected
    assert "The file is named like gzip, but it is plain text, and read as that." in read.decisions


def test_a_file_larger_than_memory_passes_by_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = made(30_000)
    frame["Short description"] = "Ein längerer Text, damit die Datei groß genug ist, um in Stücken gelesen zu werden"
    frame.to_csv(tmp_path / "x.csv", index=False, encoding="utf-8-sig")
    monkeypatch.setattr(passing, "LARGE", 10**12)
    whole = imported(tmp_path / "x.csv")
    monkeypatch.setattr(passing, "LARGE", 1_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("the file was read at once"))
    again = imported(tmp_path / "x.csv")
    assert again.to_dict() == whole.to_dict()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda content: bytes(pa.compress(content, "zstd", asbytes=True)),
}


@pytest.mark.parametrize("packed", PACKERS)
def test_a_wide_export_in_pieces_has_every_measure_of_the_whole(
    packed: str, made_up_incidents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pd.read_csv(made_up_incidents, dtype=str, keep_default_na=False)
    notes = ['restarted, "watched" it.\nClosing soon; größer ', "", "one line, two commas,"]
    frame["work_notes"] = [notes[place % 3] * (place % 40) for place in range(len(frame))]
    text = frame.to_csv(index=False)
    path = tmp_path / "x.csv"
    path.write_bytes(PACKERS[packed](text.encode()))
    monkeypatch.setattr(passing, "LARGE", 10**12)
    monkeypatch.setattr(fast_table, "SMALLEST", 10**12)
    whole = read_export(path, team_column="assignment_group")
    for module, name, value in (
        (passing, "LARGE", 1_000), (passing, "LARGE_PACKED", 1_000), (fast_table, "SMALLEST", 1_000),
        # So small that line breaks in cells come to lie between pieces.
        (fast_table, "_BLOCK", 100_000),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("the file was read at once"))
    pieces = read_export(path, team_column="assignment_group")
    assert pieces.to_dict() == whole.to_dict()
    assert {name: part.record for name, part in pieces.teams.items()} == {
        name: part.record for name, part in whole.teams.items()
    }


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")])
def test_too_little_memory_is_said_with_a_remedy(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    made().to_csv(tmp_path / "x.csv", index=False)
    monkeypatch.setattr(door, "gather", fail)
    assert main(["import", str(tmp_path / "x.csv"), "--team", "A", "--dry-run"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("x.csv: there is not enough memory to read it. Export fewer columns or a shorter period.")


def test_a_large_file_that_is_irregular_is_still_read_and_accounted_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = made(30_000).to_csv(index=False) + "INC9,2024-01-05,,1,x,y,z,zz\n"
    (tmp_path / "x.csv").write_text(text)
    monkeypatch.setattr(passing, "LARGE", 1_000_000)
    read = imported(tmp_path / "x.csv")
    assert read.to_dict()["left_out"] == {"rows with more fields than the header": 1}
    assert read.incidents == 30_000


@pytest.mark.parametrize("place", [1, 20_000])
def test_a_quotation_mark_that_never_closes_is_found_in_a_large_file_too(place: int, tmp_path: Path) -> None:
    lines = made(60_000).to_csv(index=False).splitlines()
    lines[place] = '"' + lines[place]
    (tmp_path / "x.csv").write_text("\n".join(lines) + "\n")
    assert refused(tmp_path / "x.csv").what == f"a quotation mark opened in row {place + 1:,} is never closed"


# ------------------------------------------------------------------------------------------------------------- refused


def refused(path: Path) -> Problem:
    with pytest.raises(ExportError) as error:
        read_export(path)
    [problem] = error.value.problems
    assert problem.where.startswith(path.name)
    return problem


@pytest.mark.parametrize(
    "content, what",
    [
        (zipped(b"a") + b"", "not one row"),
        (b"[1, 2, 3]", "holds no list of records"),
        (b"[]", "its list of records is empty"),
        (b'{"result": {"x": 1', "not valid JSON in line 1, column 19"),
        (b"[" * 100_000, "nested too deep"),
        (lzma.compress(b"number,opened\n" * 9)[:-8], "xz file is damaged"),
        (bz2.compress(b"number,opened\n" * 9)[:-8], "bzip2 file is damaged"),
        (pa.compress(b"number,opened\n" * 9_999, "zstd", asbytes=True)[:-4], "Zstandard file is damaged"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, what: str, tmp_path: Path) -> None:
    (tmp_path / "export.dat").write_bytes(content)
    assert what in refused(tmp_path / "export.dat").what


def test_the_files_of_a_zip_archive_are_read_together(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("year/a.csv", "id,opened\n1,2024-01-01\n2,2024-01-02\n")
        archive.writestr("year/b.csv", "id;opened\n2;2024-01-02\n3;soon\n")
        archive.writestr("__MACOSX/year/._a.csv", "junk")
    found = read_export(tmp_path / "x.zip", team="T")
    assert (found.rows_read, found.incidents, found.source) == (4, 2, "x.zip/a.csv, x.zip/b.csv")
    assert found.to_dict()["left_out"] == {
        "rows that an earlier file holds too": 1,
        "rows in which an opened time cannot be read": 1,
    }
    assert found.to_dict()["examples"]["rows in which an opened time cannot be read"] == [
        "x.zip/b.csv row 3 (3): 'soon'"
    ]


def test_what_is_wrong_with_one_file_of_a_zip_archive_names_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.csv", "id,opened\n1,2024-01-01\n")
        archive.writestr("guide.pdf", "%PDF-1.7")
    problem = refused(tmp_path / "x.zip")
    assert (problem.where, problem.what) == ("x.zip/guide.pdf", "this is a PDF, not a table")


def test_a_zip_archive_without_a_file(tmp_path: Path) -> None:
    zipfile.ZipFile(tmp_path / "x.zip", "w").close()
    assert refused(tmp_path / "x.zip").what == "the ZIP archive holds no file"


@pytest.mark.parametrize("text, what", [("42", "holds no list of"), ("null\n", "holds no list of"), ("[]", "is empty")])
def test_a_value_of_json_is_no_table_with_a_header(text: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text)
    assert what in refused(tmp_path / "x.json").what


def test_a_workbook_without_a_row(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(workbook(made().iloc[:0]))
    assert refused(tmp_path / "x.xlsx").what == "the sheet has a header but not one row below it"


@pytest.mark.parametrize(
    "head, body",
    [(b"", b"a"), (b"number,opened_at\nA,2024-01-01\n", b"x,"), (b'number,opened_at\nA,2024-01-01\n"', b"y")],
    ids=["no line at all", "a row of endless fields", "an endless cell"],
)
def test_a_line_of_three_hundred_megabytes_is_refused_at_once(head: bytes, body: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(head + body * (300_000_000 // len(body)))
    start = time.process_time()
    assert "longer than 5,000,000 characters" in refused(tmp_path / "x.csv").what
    # Two thirds of a second of work on a quiet machine; splitting such a line would take minutes and gigabytes.
    assert time.process_time() - start < 20


# ------------------------------------------------------------------------------------------------ repaired, and counted


def test_rows_too_short_are_kept_and_said(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,opened,team\nA,2024-01-01,T\nB,2024-01-02\n")
    read = read_export(tmp_path / "x.csv")
    assert read.incidents == 2
    assert read.warnings[0].startswith("1 row with fewer fields than the header (row 3)")


def test_utf8_with_a_flaw_is_not_taken_for_windows_1252(tmp_path: Path) -> None:
    text = "id,opened,team\n" + "".join(f"{n},2024-01-{n % 27 + 1:02d},Zürich Süd\n" for n in range(50))
    (tmp_path / "x.csv").write_bytes(text.encode() + b"51,2024-01-01,Gen\xe8ve\n")
    read = read_export(tmp_path / "x.csv", team_column="team")
    assert "Zürich Süd" in read.teams
    assert read.warnings[0] == "1 character is not valid UTF-8 and shown as '\ufffd', the first in line 52."


def test_zero_bytes_are_taken_out_and_counted(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"id,opened\nA,2024-01-01\nB\0,2024-01-\x0002\n")
    read = read_export(tmp_path / "x.csv")
    assert read.incidents == 2
    assert read.warnings[0] == "2 zero bytes taken out of the text, the first in line 3."


@pytest.mark.parametrize(
    "cell, meant",
    [
        ("{'display_value': 'Network', 'link': 'https://example.invalid'}", "Network"),
        ('{"name": "Network", "id": 4}', "Network"),
        ("[{'name': 'Network'}]", "Network"),
        ("['Network']", "Network"),
        ('="Network"', "Network"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("[not a list", "[not a list"),
        ("{'a': __import__('os').system('true')}", "{'a': __import__('os').system('true')}"),
    ],
)
def test_printed_values_and_formulas_in_cells(cell: str, meant: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["A", "B"], "opened": "2024-01-05", "team": cell})
    frame.to_csv(tmp_path / "x.csv", index=False)
    read = read_export(tmp_path / "x.csv", team_column="team")
    assert list(read.teams) == [meant]
    assert any("hold a printed value" in text for text in read.decisions) == (cell != meant)


@pytest.mark.parametrize("rows", [500, 1_000, 10_000, 65_535])
def test_an_export_as_long_as_tools_allow_is_warned_about(rows: int, tmp_path: Path) -> None:
    times = pd.date_range("2020-01-01", periods=rows, freq="h").strftime("%Y-%m-%d %H:%M")
    for more in (0, 1):
        pd.DataFrame({"id": range(rows - more), "opened": times[more:]}).to_csv(tmp_path / "x.csv", index=False)
        warned = [text for text in read_export(tmp_path / "x.csv").warnings if "may have been cut off" in text]
        assert len(warned) == 1 - more


def test_na_in_a_column_of_names_is_kept_or_not_as_said(tmp_path: Path) -> None:
    rows = "".join(f"{n},2024-01-{n % 27 + 1:02d},{'NA' if n % 2 else 'EU'},NA\n" for n in range(40))
    (tmp_path / "x.csv").write_text("id,opened,team,problem_id\n" + rows)
    read = read_export(tmp_path / "x.csv", team_column="team")
    assert list(read.teams) == ["EU", "NA"]
    assert "'NA' in 20 cells of 'team' is kept as a name (--missing NA if it means nothing)." in read.decisions
    assert all(part.tidy["linked"].isna().all() for part in read.teams.values()), "there is no problem called NA"
    without = read_export(tmp_path / "x.csv", team_column="team", missing=["na"])
    assert list(without.teams) == ["EU"]
    assert without.to_dict()["left_out"] == {"rows without a team in 'team'": 20}


def test_a_usual_marker_of_nothing_can_be_a_value(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,opened,team\n" + "".join(f"{n},2024-01-05,NULL\n" for n in range(9)))
    assert list(read_export(tmp_path / "x.csv", team_column="team").teams) == []
    assert list(read_export(tmp_path / "x.csv", team_column="team", keep=["null"]).teams) == ["NULL"]


@pytest.mark.parametrize("damage", ["cut in its middle", "a member without a name"])
def test_a_damaged_zip_archive_is_refused_in_one_message(damage: str, tmp_path: Path) -> None:
    name = b"incidents.csv"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name.decode(), "number,opened_at\n" + "INC1,2026-01-01\n" * 200)
    content = packed.getvalue()
    if damage == "cut in its middle":
        content = content[:100] + content[200:]
    else:
        start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
        entry = bytearray(content[start:end].replace(name, b""))
        entry[28:30] = bytes(2)
        tail = bytearray(content[end:])
        tail[12:16] = len(entry).to_bytes(4, "little")
        content = content[:start] + entry + tail
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(ExportError, match=r"x\.zip: the ZIP archive or workbook is damaged or cut off"):
        read_export(tmp_path / "x.zip")
