"""JSON and JSON Lines to cells: the list of records in it, whatever it is wrapped in."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping

import numpy as np

from assessment_kit.incidents.cells import flattened, frame_of
from assessment_kit.incidents.json_places import places_of
from assessment_kit.incidents.notes import EXAMPLES, LeftOut, Notes, quoted
from assessment_kit.incidents.raw import Cells, Wanted, refused
from assessment_kit.wording import count

#: Lists beside the records that are named.
_SHOWN = 5


def read_json(text: str, name: str, wanted: Wanted) -> Cells:
    """Return the records of a JSON document or of JSON Lines.

    Raises
    ------
    ExportError
        When it is not JSON, or holds no list of records.
    """
    document, bad, lines = _document(text, name)
    places = places_of(document)
    found = places.records
    several: Counter[str] = Counter()
    rows = [flattened(record, several) for record in found if isinstance(record, Mapping)]
    if not rows:
        empty = bool(places.read) and not found
        what = "its list of records is empty" if empty else "it holds no list of records"
        raise refused(
            name, what, 'Export a list such as [{"number": …, "opened_at": …}], one record for each incident.'
        )
    strangers = [place for place, record in enumerate(found, 1) if not isinstance(record, Mapping)]
    frame = frame_of(rows)
    header = tuple(str(column) for column in frame.columns)
    names = wanted(list(header))
    if names is not None:
        frame = frame[[column for column in header if column in names]]
    kind = "JSON Lines" if lines else "JSON"
    where = ", ".join(quoted(path) for path, n in places.read.items() if path and n)
    decisions = [f"The file is read as {kind}" + (f", records from {where}." if where else ".")]
    if places.passed_over:
        others = ", ".join(f"{quoted(path)} ({n:,})" for path, n in [*places.passed_over.items()][:_SHOWN])
        decisions.append(f"Lists beside the records are not read: {others}.")
    decisions += [
        f"Of several {quoted(each)} in {count(n, 'record')} the first counts."
        for each, n in several.items()
        if n and any(str(column).startswith(f"{each}.") for column in frame.columns)
    ]
    examples = tuple(f"place {place:,}: {quoted(found[place - 1])}" for place in strangers[:EXAMPLES])
    left_out = (
        *([LeftOut("lines that are not JSON", len(bad), tuple(bad[:EXAMPLES]))] if bad else []),
        *([LeftOut("values between the records that are no records", len(strangers), examples)] if strangers else []),
    )
    numbers = np.arange(1, len(frame) + 1)
    return Cells(frame, numbers, header, len(found) + len(bad), Notes(left_out, tuple(decisions)))


def _document(text: str, name: str) -> tuple[object, list[str], bool]:
    """Return what a text holds, examples of lines that are no JSON, and whether there was a document in each line."""
    try:
        return json.loads(text), [], False
    except RecursionError:
        raise refused(name, "its JSON is nested too deep", "Export a plain list of records.") from None
    except ValueError as error:
        whole = error
    documents: list[object] = []
    bad: list[str] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
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
