"""Parquet to cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet

from assessment_kit.incidents.cells import to_text
from assessment_kit.incidents.notes import Notes
from assessment_kit.incidents.raw import Cells, Wanted, refused, told_apart


def read_parquet(content: bytes, name: str, wanted: Wanted) -> Cells:
    """Return the cells of a Parquet file; times as ISO 8601, nested fields by their path.

    Raises
    ------
    ExportError
        When it is damaged, or has no rows.
    """
    try:
        table = pyarrow.parquet.read_table(pyarrow.BufferReader(content))
        while any(pyarrow.types.is_struct(field.type) for field in table.schema):
            table = table.flatten()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        what = f"the Parquet file is damaged ({str(error).splitlines()[0][:100]})"
        raise refused(name, what, "Copy or download it again.") from None
    if not table.num_rows:
        raise refused(name, "the file has columns but not one row", "Check the filter and the period of the export.")
    header, repeated = told_apart(list(table.column_names))
    chosen = wanted(header)
    keep = [place for place, column in enumerate(header) if chosen is None or column in chosen]
    columns = {header[place]: _texts(table.column(place)) for place in keep}
    frame = pd.DataFrame(columns, columns=pd.Index([header[place] for place in keep], dtype=object))
    numbers = np.arange(1, len(frame) + 1)
    notes = Notes(decisions=("The file is read as Parquet.",))
    return Cells(frame, numbers, tuple(header), len(frame), notes, repeated)


def _texts(column: Any) -> pd.Series:
    plain = column.combine_chunks() if isinstance(column, pyarrow.ChunkedArray) else column
    kind = plain.type
    simple = pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind) or pyarrow.types.is_dictionary(kind)
    if simple or pyarrow.types.is_timestamp(kind) or pyarrow.types.is_integer(kind) or pyarrow.types.is_boolean(kind):
        try:
            texts = plain.cast(pyarrow.string())
            return pd.Series(texts.fill_null("").to_pandas(), dtype=str)
        except pyarrow.ArrowException:
            pass
    return pd.Series([to_text(value) for value in plain.to_pylist()], dtype=str)
