"""A file to a frame of texts, exactly as they stand in it, with where it came from. Nothing is interpreted here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assessment_kit.incidents.encoding import decode
from assessment_kit.incidents.fast_table import read_fast
from assessment_kit.incidents.files import Stored, read_files
from assessment_kit.incidents.json_records import read_json
from assessment_kit.incidents.notes import Notes
from assessment_kit.incidents.parquet import read_parquet
from assessment_kit.incidents.passing import digest_of, held, passing
from assessment_kit.incidents.raw import Raw, Wanted
from assessment_kit.incidents.text_table import read_text
from assessment_kit.incidents.workbook import read_workbook


def read_raws(path: Path, wanted: Wanted = lambda header: None) -> list[Raw]:
    """Read an export, or every export in a ZIP archive, to its cells.

    Understood are CSV in any common delimiter, encoding and compression, XLSX, JSON, JSON Lines and Parquet.
    What it is shows in its bytes; its name decides nothing.

    Parameters
    ----------
    wanted
        Which columns to keep, given the header; None keeps all.

    Raises
    ------
    ExportError
        When there is no such file, it is empty or has only a header, or it holds no table.
    """
    if (large := _in_pieces(path, wanted)) is not None:
        return [large]
    return [_of(stored, wanted) for stored in read_files(path)]


def _of(stored: Stored, wanted: Wanted) -> Raw:
    notes = Notes(decisions=stored.decisions)
    if stored.kind == "workbook":
        cells = read_workbook(stored.content, stored.name, wanted)
    elif stored.kind == "parquet":
        cells = read_parquet(stored.content, stored.name, wanted)
    elif stored.kind == "text" and (fast := read_fast(held(stored.content), stored.name, wanted)) is not None:
        cells = fast
    else:
        decoded = decode(stored.content, stored.name)
        notes += decoded.notes
        reader = read_json if stored.kind == "json" else read_text
        cells = reader(decoded.text, stored.name, wanted)
    return Raw.of(cells, stored.name, stored.sha256, notes)


def _in_pieces(path: Path, wanted: Wanted) -> Raw | None:
    """Return the table of a large regular text without holding the file; None for whatever else it is."""
    if (found := passing(path)) is None:
        return None
    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(digest_of, path)
        cells = read_fast(found, path.name, wanted)
        return None if cells is None else Raw.of(cells, path.name, digest.result(), Notes(decisions=found.decisions))
