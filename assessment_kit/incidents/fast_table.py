"""A large text in regular columns, read by Arrow: the same cells as :mod:`assessment_kit.incidents.text_table` gives.

Most exports are regular: UTF-8, every row as wide as the header. Those are split into columns by several threads,
without a Python object for each cell. Whatever is irregular gets None here, and is read by the reader that tells what
is wrong.

Columns of few distinct texts come as categories, so that every rule that follows looks at each text once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from assessment_kit.incidents.encoding import is_binary
from assessment_kit.incidents.passing import Passing
from assessment_kit.incidents.raw import Cells, Wanted, told_apart
from assessment_kit.incidents.text_table import Form, form_of

#: Smaller texts are read in no time anyway, by the reader that explains.
SMALLEST = 2_000_000
#: Bytes from which the form of the text is judged, and from which its columns are.
_HEAD, _FIRST = 200_000, 1 << 20
#: Bytes that one thread takes at a time; no row may be longer.
_BLOCK = 4 << 20
_BOM = b"\xef\xbb\xbf"
#: Share of distinct texts in the first bytes up to which a column is made categories of as it is read.
_VERY_FEW = 0.1
#: Rows from which it is judged whether any other column has few distinct texts, and the most of them that are few.
_SAMPLE, _FEW = 20_000, 0.3
#: Bytes of text beyond which Arrow's short offsets do not reach.
_SHORT_OFFSETS = 2**31 - 1
_WORDS = pa.dictionary(pa.int32(), pa.string())


def read_fast(content: Passing, name: str, wanted: Wanted) -> Cells | None:
    """Return the cells of a regular text in columns, None where it is irregular or small.

    The text passes by piece by piece: only the columns that are wanted stay in memory.
    """
    try:
        first = content.head(max(_FIRST, SMALLEST))
        if len(first) < SMALLEST or b"\0" in first:
            return None
        mark = len(_BOM) if first.startswith(_BOM) else 0
        head = first[mark : first.rfind(b"\n", 0, _HEAD) + 1].decode("utf-8")
        if not head or is_binary(head):
            return None
        form = form_of(head, name)
        header, repeated = told_apart(list(form.header))
        if form.skipped or len(form.delimiter.encode()) != 1 or len(header) < 2:
            return None
        names = wanted(header)
        # Of none, one is kept: Arrow takes an empty choice for all of them.
        keep = [place for place, column in enumerate(header) if names is None or column in names] or [0]
        start = mark + len(head[: form.start].encode())
        table = _table(content, start, _whole_rows(first[start:_FIRST]), form, keep)
    except (UnicodeDecodeError, pa.ArrowInvalid, pa.ArrowKeyError, OSError, EOFError):
        return None
    if table is None or not table.num_rows:
        return None
    with ThreadPoolExecutor() as pool:
        columns = dict(zip((header[place] for place in keep), pool.map(_column, table.columns), strict=True))
    frame = pd.DataFrame(columns, columns=pd.Index(list(columns), dtype=object), copy=False)
    numbers = np.arange(2, 2 + table.num_rows)
    return Cells(frame, numbers, tuple(header), table.num_rows, form.notes, repeated)


def _table(content: Passing, start: int, first: bytes, form: Form, keep: list[int]) -> pa.Table | None:
    names = [str(place) for place in range(len(form.header))]
    convert = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        include_columns=[names[place] for place in keep],
        strings_can_be_null=False,
    )
    read = arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK)
    parse = arrow_csv.ParseOptions(delimiter=form.delimiter, newlines_in_values=True)
    sample = arrow_csv.read_csv(pa.BufferReader(first), read_options=read, parse_options=parse, convert_options=convert)
    convert.column_types = {
        name: _WORDS if len(sample[name].unique()) <= _VERY_FEW * len(sample) else pa.string()
        for name in sample.column_names
    }
    for several_lines in (False, True):
        # A line break inside a cell is only seen for what it is where blocks are cut with that in mind.
        parse.newlines_in_values = several_lines
        passed = content.looked(start)
        try:
            table = arrow_csv.read_csv(
                pa.PythonFile(passed, "r"), read_options=read, parse_options=parse, convert_options=convert
            )
        except pa.ArrowInvalid:
            # A block that was cut inside a cell has rows that are too short.
            if several_lines:
                raise
            continue
        finally:
            passed.close()
        if passed.zeros:
            return None
        if several_lines or passed.lines == table.num_rows:
            return table
    return None


def _whole_rows(text: bytes) -> bytes:
    """Return the rows of a text that are there to their end: after it, quotation marks are in pairs."""
    end = text.rfind(b"\n") + 1
    marks = text.count(b'"', 0, end)
    while end and marks % 2:
        before = text.rfind(b"\n", 0, end - 1) + 1
        marks -= text.count(b'"', before, end)
        end = before
    return text[:end]


def _column(texts: pa.ChunkedArray) -> pd.Series:
    if pa.types.is_dictionary(texts.type):
        return _words(texts.unify_dictionaries())
    if texts.nbytes > _SHORT_OFFSETS:
        texts = texts.cast(pa.large_string())
    # One piece, so that no step that follows has to put pieces together.
    whole = texts.combine_chunks()
    sample = whole.slice(0, _SAMPLE)
    if len(sample.unique()) > _FEW * len(sample):
        return whole.to_pandas()
    return _words(pa.chunked_array([whole.dictionary_encode()]))


def _words(encoded: pa.ChunkedArray) -> pd.Series:
    words = pd.Index(encoded.chunk(0).dictionary.to_pylist(), dtype=str)
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks])
    return pd.Series(pd.Categorical.from_codes(codes, categories=words))
