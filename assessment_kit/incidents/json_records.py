"""JSON and JSON Lines to cells: the list of records in it, whatever it is wrapped in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from assessment_kit.incidents.cells import flattened, frame_of
from assessment_kit.incidents.notes import EXAMPLES, LeftOut, Notes, quoted
from assessment_kit.incidents.raw import Cells, Wanted, refused

#: How deep the list of records may be wrapped: {"data": {"incidents": […]}}.
_DEEPEST = 3


def read_json(text: str, name: str, wanted: Wanted) -> Cells:
    """Return the records of a JSON document or of JSON Lines.

    Raises
    ------
    ExportError
        When it is not JSON, or holds no list of records.
    """
    documents, bad, lines = _documents(text, name)
    found: list[Mapping[str, Any]] = []
    where: dict[str, int] = {}
    for document in documents:
        path, records = _records(document)
        where[path] = where.get(path, 0) + len(records)
        found += records
    rows = [flattened(record) for record in found if isinstance(record, Mapping)]
    if not rows:
        what = "it holds no list of records"
        raise refused(
            name, what, 'Export a list such as [{"number": …, "opened_at": …}], one record for each incident.'
        )
    strangers = len(found) - len(rows)
    frame = frame_of(rows)
    header = tuple(str(column) for column in frame.columns)
    names = wanted(list(header))
    if names is not None:
        frame = frame[[column for column in header if column in names]]
    kind = "JSON Lines" if lines else "JSON"
    places = ", ".join(quoted(path) for path in where if path)
    decisions = (f"The file is read as {kind}" + (f", records from {places}." if places else "."),)
    left_out = (
        *([LeftOut("lines that are not JSON", len(bad), tuple(bad[:EXAMPLES]))] if bad else []),
        *([LeftOut("values between the records that are no records", strangers)] if strangers else []),
    )
    numbers = np.arange(1, len(frame) + 1)
    return Cells(frame, numbers, header, len(found) + len(bad), Notes(left_out, decisions))


def _documents(text: str, name: str) -> tuple[list[object], list[str], bool]:
    """Return the documents in a text, examples of lines that are none, and whether there was one in each line."""
    try:
        return [json.loads(text)], [], False
    except RecursionError:
        raise refused(name, "its JSON is nested too deep", "Export a plain list of records.") from None
    except ValueError as error:
        whole = error
    documents: list[object] = []
    bad: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            documents.append(json.loads(line))
        except (ValueError, RecursionError):
            bad.append(f"line {number:,}: {quoted(line[:200])}")
    if not documents or len(bad) > len(documents) or not any(isinstance(each, dict) for each in documents):
        message = str(whole)
        at = f" in line {whole.lineno:,}, column {whole.colno:,}" if isinstance(whole, json.JSONDecodeError) else ""
        reason = whole.msg.lower() if isinstance(whole, json.JSONDecodeError) else message
        raise refused(name, f"this is not valid JSON{at} ({reason})", "Export it again; it may have been cut off.")
    return documents, bad, True


def _records(document: object) -> tuple[str, list[Any]]:
    """Return the longest list of records in a document, and the path to it; a record by itself is a list of one."""
    if isinstance(document, list):
        # A page of a REST API each: [{"incidents": […]}, {"incidents": […]}].
        pages = [_records(each) for each in document] if _are_pages(document) else []
        if pages:
            return pages[0][0], [record for _, records in pages for record in records]
        return "", document
    best: tuple[str, list[Any]] = ("", [])
    for path, records in _lists(document, "", 0):
        if len(records) > len(best[1]):
            best = (path, records)
    if best[1]:
        return best
    return "", [document] if isinstance(document, Mapping) and len(document) > 1 else []


def _are_pages(document: list[Any]) -> bool:
    def is_page(value: object) -> bool:
        if not isinstance(value, Mapping):
            return False
        lists = [each for each in value.values() if isinstance(each, list) and each and isinstance(each[0], Mapping)]
        # A record may hold lists of records too (components, updates); a page holds one, and no time of its own.
        return len(lists) == 1 and not any(key in value for key in ("id", "key", "number", "created_at", "createdAt"))

    return bool(document) and all(map(is_page, document))


def _lists(value: object, path: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    if not isinstance(value, Mapping) or depth >= _DEEPEST:
        return
    for key, inner in value.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(inner, list) and any(isinstance(each, Mapping) for each in inner):
            yield here, inner
        else:
            yield from _lists(inner, here, depth + 1)
