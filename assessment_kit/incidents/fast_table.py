"""A large text in regular columns, read by Arrow: the same cells as :mod:`assessment_kit.incidents.text_table` gives.

Most exports are regular: UTF-8, every row as wide as the header. Those are split into columns by several threads,
without a Python object for each cell. Whatever is irregular gets None here, and is read by the reader that tells what
is wrong.

Columns of few distinct texts come as categories, so that every rule that follows looks at each text once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from mmap import mmap

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from assessment_kit.incidents.encoding import is_binary
from assessment_kit.incidents.raw import Cells, Wanted, told_apart
from assessment_kit.incidents.text_table import form_of

#: Smaller files are read in no time anyway, by the reader that explains.
SMALLEST = 2_000_000
#: Bytes from which the form of the file is judged.
_HEAD = 200_000
#: Bytes that one thread takes at a time; no row may be longer.
_BLOCK = 8 << 20
_PIECE = 64 << 20
_BOM = b"\xef\xbb\xbf"
#: Rows from which it is judged whether a column has few distinct texts, and the most of them that are few.
_SAMPLE, _FEW = 20_000, 0.3


def read_fast(content: bytes | mmap, name: str, wanted: Wanted) -> Cells | None:
    """Return the cells of a regular text in columns, None where it is irregular or small.

    A file that is mapped and not held passes by piece by piece: only the columns that are wanted stay in memory.
    """
    if len(content) < SMALLEST or content.find(b"\0") >= 0:
        return None
    mark = len(_BOM) if content[: len(_BOM)] == _BOM else 0
    try:
        head = content[mark : content.rfind(b"\n", 0, _HEAD) + 1].decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not head or is_binary(head):
        return None
    form = form_of(head, name)
    header, repeated = told_apart(list(form.header))
    if form.skipped or len(form.delimiter.encode()) != 1 or len(header) < 2:
        return None
    names = wanted(header)
    keep = [place for place, column in enumerate(header) if names is None or column in names]
    start = mark + len(head[: form.start].encode())
    lines = _line_ends(content, start) + (content[-1:] != b"\n")
    table = _table(pa.py_buffer(content).slice(start), lines, form.delimiter, len(header), keep)
    if table is None or not table.num_rows:
        return None
    with ThreadPoolExecutor() as pool:
        columns = dict(zip((header[place] for place in keep), pool.map(_column, table.columns), strict=True))
    frame = pd.DataFrame(columns, columns=pd.Index(list(columns), dtype=object), copy=False)
    numbers = np.arange(2, 2 + table.num_rows)
    return Cells(frame, numbers, tuple(header), table.num_rows, form.notes, repeated)


def _line_ends(content: bytes | mmap, start: int) -> int:
    if isinstance(content, bytes):
        return content.count(b"\n", start)
    return sum(content[place : place + _PIECE].count(b"\n") for place in range(start, len(content), _PIECE))


def _table(body: pa.Buffer, lines: int, delimiter: str, width: int, keep: list[int]) -> pa.Table | None:
    names = [str(place) for place in range(width)]
    convert = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        include_columns=[names[place] for place in keep],
        strings_can_be_null=False,
    )
    parse = arrow_csv.ParseOptions(delimiter=delimiter)
    for several_lines in (False, True):
        # A line break inside a cell is only seen for what it is where blocks are cut with that in mind.
        parse.newlines_in_values = several_lines
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(body),
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK),
                parse_options=parse,
                convert_options=convert,
            )
        except (pa.ArrowInvalid, pa.ArrowKeyError):
            return None
        if several_lines or lines == table.num_rows:
            return table
    return None


def _column(texts: pa.ChunkedArray) -> pd.Series:
    sample = texts.slice(0, _SAMPLE)
    if len(sample.unique()) > _FEW * len(sample):
        return texts.to_pandas()
    encoded = texts.combine_chunks().dictionary_encode()
    words = pd.Index(encoded.dictionary.to_pylist(), dtype=str)
    return pd.Series(pd.Categorical.from_codes(encoded.indices.to_numpy(), categories=words))
