"""What an export shows that never happened: bulk loads, bulk closings, days without hours, the edge of the window."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assessment_kit import wording
from assessment_kit.incidents.notes import Notes
from assessment_kit.incidents.window import day_text, in_order
from assessment_kit.wording import count

#: Incidents at one and the same moment, and their least share of all, from which people did not do that one by one.
_FEWEST_AT_ONCE, _LEAST_AT_ONCE = 20, 0.05
#: Share of times at midnight from which a column holds days only.
_MIDNIGHTS = 0.95
_DAY = np.timedelta64(1, "D")
#: Days at the end of an export that are judged by themselves, and the fewest incidents in them to judge.
_EDGE, _FEWEST_AT_EDGE = 7 * _DAY, 20
#: Incidents of the last days still open, over those before, in percentage points, from which the edge shows.
_MORE_OPEN = 0.25
#: Incidents that should still be open, by how long the others lived, from which it is told that none is.
_FEWEST_MISSING = 5.0
#: Share of incidents whose length of life is a usual one.
_USUAL = 0.9


def artefacts(incidents: pd.DataFrame) -> Notes:
    """Warn of what the export's making put into the numbers.

    Parameters
    ----------
    incidents
        Tidy incidents of the whole export, at least one.
    """
    opened, resolved = incidents["opened"].to_numpy(), incidents["resolved"].to_numpy()
    texts = [_days_only(opened)]
    if not texts[0]:
        told = (
            "probably loaded from another system. Volume and pattern of that day say nothing of how incidents come.",
            "probably closed in bulk. Their times to restore tell when somebody tidied up, not when service was back.",
        )
        texts += [_at_once(opened, "opened", told[0]), _at_once(resolved[~np.isnat(resolved)], "resolved", told[1])]
    still = incidents["is_open"].to_numpy()
    texts.append(_edge(opened, still))
    # Not the last sign of life: in an event log every incident has one.
    texts.append(_only_ended(opened, np.fmax(resolved, incidents["closed"].to_numpy()), still))
    return Notes(warnings=tuple(text for text in texts if text))


def _days_only(opened: np.ndarray) -> str:
    if len(opened) < _FEWEST_AT_ONCE:
        return ""
    midnight = opened == opened.astype("datetime64[D]")
    if midnight.mean() < _MIDNIGHTS:
        return ""
    return (
        "Incidents are opened on days, without a time of day: hours of the day are not known, and times to restore are "
        "right to the day only. Export the time too."
    )


def _at_once(times: np.ndarray, what: str, told: str) -> str:
    if len(times) < _FEWEST_AT_ONCE:
        return ""
    stamps = in_order(times)
    # Where a moment that many share begins, the one that far behind is the same.
    need = int(max(_FEWEST_AT_ONCE, np.ceil(_LEAST_AT_ONCE * len(times))))
    if not (stamps[need - 1 :] == stamps[: len(stamps) - need + 1]).any():
        return ""
    moments, counts = np.unique(stamps, return_counts=True)
    most = int(counts.argmax())
    n = int(counts[most])
    if n < max(_FEWEST_AT_ONCE, _LEAST_AT_ONCE * len(times)):
        return ""
    share = wording.percent(100 * n / len(times))
    moment = str(moments[most].astype("datetime64[s]")).replace("T", " ")
    return f"{count(n, 'incident')} ({share}) were {what} at one moment, {moment}: {told}"


def _only_ended(opened: np.ndarray, ended: np.ndarray, still: np.ndarray) -> str:
    """Warn when not one incident is open although some were opened days before the export's last sign of life.

    In a whole export some of the last days' incidents are open still, unless all end within hours.
    """
    timed = ~np.isnat(ended)
    if timed.sum() < _FEWEST_AT_ONCE or still.any():
        return ""
    last = max(opened.max(), ended[timed].max())
    lived = np.sort((ended - opened)[timed].view(np.int64))
    since = (last - opened).view(np.int64)
    # Of those opened in the last while, the share that usually lives longer. Tails are left to chance and tidying up.
    since = since[since <= lived[int(_USUAL * (len(lived) - 1))]]
    expected = float((1 - np.searchsorted(lived, since, side="right") / len(lived)).sum())
    if expected < _FEWEST_MISSING:
        return ""
    return (
        f"Every one of the {len(opened):,} incidents has ended, where about {wording.number(round(expected))} of the "
        f"last ones should still be open on {day_text(last.astype('datetime64[D]'))}: this looks like an export of "
        "closed tickets only. What is open is missing in the volume of the last days, and so are the slow ones in the "
        "times to restore. Export open tickets too."
    )


def _edge(opened: np.ndarray, still: np.ndarray) -> str:
    """Warn when the last days hold many open incidents: those of them that ended are the quick ones."""
    last = opened.max()
    late = opened > last - _EDGE
    if late.sum() < _FEWEST_AT_EDGE or (~late).sum() < _FEWEST_AT_EDGE:
        return ""
    late_open, before = float(still[late].mean()), float(still[~late].mean())
    if late_open - before < _MORE_OPEN or late_open == 1.0:
        return ""
    since = day_text((last - _EDGE + _DAY).astype("datetime64[D]"))
    return (
        f"Of the incidents opened since {since} {wording.percent(100 * late_open)} are still open, of those before "
        f"{wording.percent(100 * before)}: at the edge of the export the quick ones have ended, the slow ones not yet, "
        "so the last days look faster than they were."
    )
