"""Incidents per week, and per type, of every team at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.incidents.normal import Tidy
from assessment_kit.incidents.window import Window


def rated(data: pd.DataFrame, window: Window) -> np.ndarray:
    """Return which incidents were opened in the period of the volume."""
    opened = data["opened"].to_numpy()
    return (opened >= window.rate_first) & (opened < window.rate_last + np.timedelta64(1, "D"))


def weeks_of(opened: np.ndarray, window: Window) -> np.ndarray:
    """Return for each time the place of its week in the window."""
    return ((opened - window.mondays[0]) // np.timedelta64(7, "D")).astype(np.int64)


def by_week(
    data: pd.DataFrame, window: Window, teams: np.ndarray, length: int, times: np.ndarray | None = None
) -> np.ndarray:
    """Return incidents per team and week, each counted once or as often as ``times`` says."""
    week = weeks_of(data["opened"].to_numpy(), window)
    width = len(window.mondays)
    return np.bincount(teams * width + week, times, minlength=length * width).reshape(length, width)


def series(window: Window, counts: np.ndarray, serious: np.ndarray | None) -> tuple[Mapping[str, Any], ...]:
    """Return a team's weeks for the charts."""
    rows = zip(
        window.mondays.astype(str).tolist(),
        counts.tolist(),
        [None] * len(counts) if serious is None else serious.tolist(),
        window.complete.tolist(),
        strict=True,
    )
    return tuple({"week": week, "incidents": n, "p1_p2": p1_p2, "complete": whole} for week, n, p1_p2, whole in rows)


def types_of(tidy: Tidy, window: Window, data: pd.DataFrame, teams: np.ndarray, length: int) -> list[dict[str, int]]:
    """Return, for every team, type to incidents in the period of the volume, the most frequent first; "" for none."""
    found: list[dict[str, int]] = [{} for _ in range(length)]
    if "type" in tidy.absent:
        return found
    here = rated(data, window)
    column = data["type"].cat
    width = len(column.categories) + 1
    # Types missing (-1) are counted as the last one.
    codes = np.where(column.codes.to_numpy() < 0, width - 1, column.codes.to_numpy())[here]
    every = np.bincount(teams[here].astype(np.int64) * width + codes)
    pairs = np.flatnonzero(every)
    counts = every[pairs]
    words = [*column.categories, ""]
    ranked = sorted(
        zip(pairs.tolist(), counts.tolist(), strict=True), key=lambda pair: (-pair[1], words[pair[0] % width])
    )
    for pair, n in ranked:
        found[pair // width][words[pair % width]] = n
    return found
