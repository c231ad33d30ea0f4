"""A large export is read another way than a small one, and gives the same answers to the letter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.errors import ExportError
from assessment_kit.incidents import Import, fast_table, passing, read_export, texts
from assessment_kit.incidents.passing import held

ROWS = 12_000  # of made_up_incidents


@pytest.fixture(scope="module")
def content(made_up_incidents: Path) -> bytes:
    return made_up_incidents.read_bytes()


def account(read: Import) -> list[Any]:
    return [read.to_dict(), {name: (part.answers, part.record) for name, part in read.teams.items()}, read.summary()]


def lines(content: bytes, change: Callable[[int, bytes], bytes]) -> bytes:
    return b"".join(change(number, line) for number, line in enumerate(content.splitlines(keepends=True)))


def as_it_is(content: bytes) -> bytes:
    return content


def with_a_mark_and_windows_line_ends(content: bytes) -> bytes:
    return b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")


def with_semicolons(content: bytes) -> bytes:
    return b"\n".join(b'"' + line.replace(b'"', b"").replace(b",", b'";"') + b'"' for line in content.splitlines())


def with_line_breaks_in_cells(content: bytes) -> bytes:
    head, *rest = content.splitlines()
    return b"\n".join([head + b",comment", *(line + b',"one\nmore ""line"""' for line in rest)])


def with_rows_too_short_and_too_long(content: bytes) -> bytes:
    return lines(content, lambda n, line: b"INC99,2023-05-01 10:00\n" if n == 700 else line + b"a," * 30 * (n == 900))


def with_odd_blanks_and_markers(content: bytes) -> bytes:
    odd = {500: b"Closed", 501: b"  Closed\xc2\xa0", 502: b"NULL", 503: b"closed "}
    text = lines(content, lambda n, line: line.replace(b"Closed", odd.get(n % 600, b"Closed")))
    return (
        text.replace(b"INC0000007", b" INC0000007\t").replace(b"INC0000009", b"").replace(b"INC0000012", b"INC0000011")
    )


def with_a_time_that_is_none(content: bytes) -> bytes:
    return lines(content, lambda n, line: line.replace(b":", b"?", 1) if n == 4000 else line)


def with_latin_letters(content: bytes) -> bytes:
    return content.replace(b"Jonas", "Jürgen".encode("cp1252"))


@pytest.mark.parametrize(
    "change",
    [
        as_it_is,
        with_a_mark_and_windows_line_ends,
        with_semicolons,
        with_line_breaks_in_cells,
        with_rows_too_short_and_too_long,
        with_odd_blanks_and_markers,
        with_a_time_that_is_none,
        with_latin_letters,
    ],
)
def test_large_and_small_are_read_alike(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(change(content))
    monkeypatch.setattr(fast_table, "SMALLEST", 1)
    monkeypatch.setattr(passing, "LARGE", 1)
    monkeypatch.setattr(texts, "_LONG", 100)
    fast = account(read_export(path, team_column="assignment_group", min_incidents=100))
    monkeypatch.setattr(fast_table, "SMALLEST", 10**12)
    monkeypatch.setattr(passing, "LARGE", 10**12)
    monkeypatch.setattr(texts, "_LONG", 10**12)
    slow = account(read_export(path, team_column="assignment_group", min_incidents=100))
    assert fast == slow


def test_a_regular_large_export_is_read_the_fast_way(content: bytes) -> None:
    cells = fast_table.read_fast(held(content), "x.csv", lambda header: None)
    assert cells is not None and cells.rows_read == ROWS
    assert cells.numbers[[0, -1]].tolist() == [2, ROWS + 1]


def test_a_large_export_of_which_no_column_is_known_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"Fall,Zeit A\n" + b"F1,2026-01-05 10:00\n" * (fast_table.SMALLEST // 19))
    with pytest.raises(ExportError, match="no column holds the time an incident was opened"):
        read_export(path)
    assert read_export(path, columns={"opened": "Zeit A"}).header == ("Fall", "Zeit A")


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"a,b\n1,2\n" * 3, b"\xff\xfea,b\n" + b"1,2\n" * 600_000])
def test_what_is_small_or_no_plain_text_is_left_to_the_other_reader(content: bytes) -> None:
    assert fast_table.read_fast(held(content), "x.csv", lambda header: None) is None
