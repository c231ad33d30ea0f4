"""Alert noise: what repeats while it is open already, comes back, comes in bursts, or ends before anybody can act.

No published definition fits every tool, so each threshold below is a convention of this kit and stands in the
definition of the measure that uses it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.incidents.columns import Columns, by_codes, column, counted, share
from assessment_kit.incidents.normal import Tidy

#: A thing that fails again so many minutes after it had recovered is flapping.
BACK_WITHIN = 30
#: So many incidents of one team within so many minutes are a burst.
BURST_OF, BURST_WITHIN = 5, 10
#: Ends after so many minutes at most were too short for a person: most of them ended by themselves.
SHORT = (5, 30)
#: Sources that are listed for each team, the loudest first.
MOST_SOURCES = 10

#: In microseconds.
_MINUTE = 60_000_000
#: Where whole numbers of 64 bits end.
_TOO_LARGE = 1 << 63


def noise(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    """Return the measures of alert noise for every team."""
    return {
        **_signals(tidy, data, teams, total),
        **_returning(tidy, data, teams, total),
        **_bursts(data, teams, total),
        **_short(tidy, data, teams, total),
    }


def _signals(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    alerts, again = data["alerts"].to_numpy(), data["repeated_while_open"].to_numpy()
    known = counted(~np.isnan(alerts), teams, len(total))
    every = _summed(alerts, teams, len(total))
    absent = tidy.absent.get("alerts", "")
    by = f" ({tidy.words['alerts']})" if "alerts" in tidy.words else ""
    found = {"alerts": column(every, "alerts", f"alerts folded into these incidents{by}", known, total, absent)}
    absent = tidy.absent.get("repeated_while_open", "")
    repeats = _summed(again, teams, len(total))
    known = counted(~np.isnan(again), teams, len(total))
    by = f" ({tidy.words['repeated_while_open']})" if "repeated_while_open" in tidy.words else ""
    how = f"alerts that came while their incident was open already{by}"
    found["alerts_repeated_while_open"] = column(repeats, "alerts", how, known, total, absent)
    absent = absent or tidy.absent.get("alerts", "")
    found["alerts_repeated_share"] = column(share(repeats, every), "%", f"{how}, over all alerts", known, total, absent)
    return found


def _summed(values: np.ndarray, teams: np.ndarray, length: int) -> np.ndarray:
    if np.isnan(values).all():
        return np.zeros(length, dtype=np.int64)
    return np.bincount(teams, weights=np.nan_to_num(values), minlength=length).astype(np.int64)


def _returning(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    items = data["item"].cat.codes.to_numpy()
    opened = data["opened"].to_numpy().view(np.int64)
    # Whole microseconds, so that no gap is a little less than it is; NaN where it did not end.
    ended = opened + np.rint(data["restore_minutes"].to_numpy() * _MINUTE)
    things = teams * (len(data["item"].cat.categories) + 1) + items
    back = (items >= 0) & _shortly_after(things, opened, ended)
    known = counted(items >= 0, teams, len(total))
    n = counted(back, teams, len(total))
    absent = tidy.absent.get("item", "") or tidy.absent.get("restore", "")
    how = f"incidents of an item that had been restored at most {BACK_WITHIN} minutes before (flapping)"
    return {
        "flapping": column(n, "incidents", how, known, total, absent),
        "flapping_share": column(share(n, known), "%", f"{how}, over all with an item", known, total, absent),
    }


def _shortly_after(things: np.ndarray, opened: np.ndarray, ended: np.ndarray) -> np.ndarray:
    """Return which incidents were opened at most :data:`BACK_WITHIN` minutes after another one of their thing ended.

    Whatever the order of the rows: all ends of a thing are looked at, not that of the one opened before.

    Parameters
    ----------
    things
        For each incident a number for its thing.
    opened, ended
        In microseconds; NaN where it did not end.
    """
    known = np.flatnonzero(~np.isnan(ended))
    if not len(known):
        return np.zeros(len(opened), dtype=bool)
    window = BACK_WITHIN * _MINUTE
    ends = ended[known].astype(np.int64)
    first, last = min(opened.min(), ends.min()), max(opened.max(), ends.max())
    begun, over, since = opened - first, ends - first, opened - first - window
    # Thing and time as one number; from the last time of one thing to the first of the next is more than the window.
    width = int(last - first) + 2 * window
    if width * (int(things.max()) + 1) >= _TOO_LARGE:
        things = np.unique(things, return_inverse=True)[1]
        every = np.unique(np.concatenate([begun, over, since]))
        begun, over, since = (np.searchsorted(every, times) for times in (begun, over, since))
        width = len(every) + 1
    begun, since, over = things * width + begun, things * width + since, things[known] * width + over
    order = np.argsort(begun)
    ordered = np.sort(over)
    before = np.searchsorted(ordered, begun[order], side="right")
    # What ended the moment that it was opened did not come back after itself, nor after its like.
    if len(at_once := np.sort(over[over == begun[known]])):
        before -= np.searchsorted(at_once, begun[order], side="right") - np.searchsorted(at_once, begun[order])
    back = np.empty(len(order), dtype=bool)
    back[order] = (before > 0) & (ordered[before - 1] >= since[order])
    return back


def _bursts(data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    opened = data["opened"].to_numpy()
    # Of times that are equal none is first: whether they are in a burst does not depend on their order.
    order = by_codes(np.argsort(opened.view(np.int64)), teams)
    stamps, team = opened[order], teams[order]
    more = BURST_OF - 1
    edges = np.zeros(len(order) + 1, dtype=np.int64)
    if len(order) > more:
        starts = np.flatnonzero(
            (team[more:] == team[:-more]) & ((stamps[more:] - stamps[:-more]) <= np.timedelta64(BURST_WITHIN, "m"))
        )
        edges[starts] += 1
        edges[starts + BURST_OF] -= 1
    inside = np.zeros(len(order), dtype=bool)
    inside[order] = np.cumsum(edges[:-1]) > 0
    n = counted(inside, teams, len(total))
    how = f"incidents opened in a burst: {BURST_OF} or more within {BURST_WITHIN} minutes"
    return {
        "in_bursts": column(n, "incidents", how, total, total, ""),
        "in_bursts_share": column(share(n, total), "%", f"{how}, over all", total, total, ""),
    }


def _short(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    minutes, alone = data["restore_minutes"].to_numpy(), data["auto_resolved"].to_numpy()
    known = counted(~np.isnan(minutes), teams, len(total))
    absent = tidy.absent.get("restore", "")
    found: Columns = {}
    for limit in SHORT:
        how = f"incidents that ended within {limit} minutes ({tidy.words.get('restore', '')})"
        n = counted(minutes <= limit, teams, len(total))
        found[f"ended_within_{limit}_minutes"] = column(n, "incidents", how, known, total, absent)
    told = counted(~np.isnan(alone), teams, len(total))
    absent = tidy.absent.get("auto_resolved", "")
    by = f", by {tidy.words['auto_resolved']}" if "auto_resolved" in tidy.words else ""
    n = counted(alone > 0, teams, len(total))
    how = f"incidents that a system ended without a person{by}"
    found["auto_resolved"] = column(n, "incidents", how, told, total, absent)
    found["auto_resolved_share"] = column(
        share(n, told), "%", f"{how}, over all in which it is recorded", told, total, absent
    )
    both = ~np.isnan(alone) & ~np.isnan(minutes)
    n = counted((alone > 0) & (minutes <= SHORT[0]), teams, len(total))
    how += f", within {SHORT[0]} minutes"
    absent = absent or tidy.absent.get("restore", "")
    found["auto_resolved_at_once"] = column(n, "incidents", how, counted(both, teams, len(total)), total, absent)
    return found


def sources_of(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, length: int) -> list[list[dict[str, Any]]]:
    """Return each team's sources of incidents, the loudest first: alerts where they are counted, and the share."""
    found: list[list[dict[str, Any]]] = [[] for _ in range(length)]
    if "source" in tidy.absent:
        return found
    column = data["source"].cat
    codes, names = column.codes.to_numpy().astype(np.int64), column.categories
    known = codes >= 0
    keys = teams[known] * len(names) + codes[known]
    alerts = data["alerts"].to_numpy()[known]
    counts = "alerts" not in tidy.absent
    distinct, place, incidents = np.unique(keys, return_inverse=True, return_counts=True)
    loud = np.bincount(place, weights=np.nan_to_num(alerts) if counts else None, minlength=len(distinct))
    whole = np.bincount(distinct // len(names), weights=loud, minlength=length)
    # Names are in alphabetical order, so a stable sort leaves equals in it.
    for one in np.lexsort([distinct, -loud]).tolist():
        team, name = divmod(int(distinct[one]), len(names))
        if len(found[team]) < MOST_SOURCES:
            entry = {"source": str(names[name]), "incidents": int(incidents[one])}
            if counts:
                entry["alerts"] = int(loud[one])
            found[team].append({**entry, "share": round(100 * float(loud[one]) / max(1.0, float(whole[team])), 1)})
    return found
