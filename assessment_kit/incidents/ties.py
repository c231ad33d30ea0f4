"""Rows in an order that what they hold decides, so that the order in which an export lists them leaves no trace."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def in_order(keys: Sequence[np.ndarray], frame: pd.DataFrame) -> np.ndarray:
    """Return the places of rows in order: by keys, the last of which counts first, then by all that the rows hold.

    Rows that are equal in everything may stand in any order: one is as good as the other.
    """
    # A missing time is equal to another one as a number only.
    numbers = [key.view(np.int64) if key.dtype.kind == "M" else key for key in keys]
    order = np.lexsort(numbers)
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for key in numbers:
        same &= key[order[1:]] == key[order[:-1]]
    if not same.any():
        return order
    tied = order[np.r_[False, same] | np.r_[same, False]]
    texts = frame.iloc[tied]
    joined = texts[sorted(texts.columns)].astype(str).agg("\x1f".join, axis=1)
    rank = np.zeros(len(order), dtype=np.int64)
    rank[tied] = np.unique(joined.to_numpy(dtype=object), return_inverse=True)[1]
    return np.lexsort([rank, *numbers])
