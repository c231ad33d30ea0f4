"""How incidents were handled: noticed, taken up, restored by priority, still open, handed to engineers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assessment_kit.incidents.columns import Columns, column, counted, durations, share
from assessment_kit.incidents.normal import Tidy
from assessment_kit.incidents.scales import PRIORITIES
from assessment_kit.incidents.schema import LINKS
from assessment_kit.incidents.window import day_text

#: Within how many minutes a serious incident should be mitigated: GitLab handbook, incident metrics.
MITIGATED_WITHIN = 30

#: Channels of tickets: what a monitor opened, and what a person did. Compared in lower case, as whole values.
MONITORS = frozenset(
    "alert|alerting|api|auto|automated|automatic|event|event management|integration|monitor|monitoring|system".split(
        "|"
    )
)
PEOPLE = frozenset(
    "call|chat|customer|direct|e-mail|email|fax|in person|internal|letter|mail|manual|phone|portal|self service|"
    "self-service|service desk|slack|social media|teams|telephone|user|virtual agent|walk-in|web|web form".split("|")
)
#: Least share of channels that must be understood before it is said who found the incidents.
_UNDERSTOOD = 0.9

_DAY = np.timedelta64(1, "D")


def handling(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    """Return the measures of how incidents were handled, for every team."""
    return {
        **_noticed(tidy, data, teams, total),
        **_by_priority(tidy, data, teams, total),
        **_serious(tidy, data, teams, total),
        **_backlog(tidy, data, teams, total),
        **_lines(tidy, data, teams, total),
        **_engineering(tidy, data, teams, total),
    }


def _noticed(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    words = tidy.words
    how = f"time from {words['opened']} to {words.get('acknowledged', 'when somebody took it up')} (MTTA), by the clock"
    found = durations(
        "ack_{}_minutes", "minutes", data["ack_minutes"].to_numpy(), teams, total, how,
        tidy.absent.get("acknowledged", ""),
    )  # fmt: skip
    end = "opened" if "detected" in tidy.absent else "detected"
    called = f"{words['opened']}, when it was opened" if end == "opened" else words.get(end, "when it was noticed")
    how = f"time from {words.get('started', 'the start of the impact')} to {called} (MTTD), by the clock"
    absent = tidy.absent.get("started", "")
    return found | durations(
        "detect_{}_minutes", "minutes", data["detect_minutes"].to_numpy(), teams, total, how, absent
    )


def _by_priority(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    levels = data["priority"].cat.codes.to_numpy()
    hours = data["restore_minutes"].to_numpy() / 60
    absent = tidy.absent.get("priority", "") or tidy.absent.get("restore", "")
    found: Columns = {}
    for level, name in enumerate(PRIORITIES):
        here = levels == level
        how = f"time {tidy.words.get('restore', 'to restore')}, by the clock, of the {name} incidents that ended"
        of = counted(here, teams, len(total))
        found |= durations(f"restore_{name.lower()}_{{}}_hours", "hours", hours[here], teams[here], of, how, absent)
    return found


def _serious(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    """Say of P1 and P2 how many were mitigated within half an hour, and how many a monitor found."""
    levels = data["priority"].cat.codes.to_numpy()
    serious = (levels >= 0) & (levels <= 1)
    of = counted(serious, teams, len(total))
    no_priority = tidy.absent.get("priority", "")
    minutes = data["restore_minutes"].to_numpy()
    ended = serious & ~np.isnan(minutes)
    # A ticket closed days later says nothing about half an hour.
    no_end = tidy.absent.get("resolved", "") or tidy.absent.get("restore", "")
    known = counted(ended, teams, len(total))
    quick = counted(ended & (minutes <= MITIGATED_WITHIN), teams, len(total))
    within = f"restored within {MITIGATED_WITHIN} minutes ({tidy.words.get('restore', '')})"
    how = f"P1 and P2 incidents {within}, over all that ended"
    found = {"p1_p2_restored_in_30_share": column(share(quick, known), "%", how, known, of, no_priority or no_end)}
    source, by = data["source"].cat, tidy.words.get("source", "the source")
    told = np.array(
        [1 if word.casefold() in MONITORS else 0 if word.casefold() in PEOPLE else -1 for word in source.categories]
        + [-1],
        dtype=np.int64,
    )[source.codes.to_numpy()]
    recorded = source.codes.to_numpy() >= 0
    absent = no_priority or tidy.absent.get("source", "")
    if not absent and (told[recorded] >= 0).mean() < _UNDERSTOOD:
        absent = f"the values of {by} do not tell whether a monitor or a person came first"
    known = counted(serious & (told >= 0), teams, len(total))
    seen = counted(serious & (told == 1), teams, len(total))
    how = f"P1 and P2 incidents that a monitor opened, by {by}, over all in which it tells"
    return found | {"p1_p2_found_by_monitoring_share": column(share(seen, known), "%", how, known, of, absent)}


def _backlog(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    still = data["is_open"].to_numpy()
    absent = tidy.absent.get("open", "")
    day = f"on {day_text(tidy.last.astype('datetime64[D]'))}, the last day that the export tells of"
    n = counted(still, teams, len(total))
    found = {"open": column(n, "incidents", f"incidents {tidy.words['open']}, {day}", total, total, absent)}
    opened = data["opened"].to_numpy()
    # What is dated beyond that day by mistake has no age on it.
    since: np.ndarray = tidy.last - opened
    ages = np.where(opened > tidy.last, np.nan, since / _DAY)[still]
    how = f"age of the incidents {tidy.words['open']}, {day}"
    return (
        found
        | durations("open_age_{}_days", "days", ages, teams[still], n, how, absent)
        | _untimed(tidy, data, teams, total)
    )


def _untimed(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    """Count what has ended, and is not in the time to restore: its end is not told, or contradicts other times."""
    absent = tidy.absent.get("restore", "")
    over = ~data["is_open"].to_numpy()
    timed = data[tidy.end].notna().to_numpy() if tidy.end else np.zeros(len(data), dtype=bool)
    called = f" ({tidy.words['restore']})" if "restore" in tidy.words else ""
    kinds = {
        "ended_without_time": (over & ~timed, "that have ended without a usable time of it"),
        "ended_out_of_order": (
            over & timed & data["restore_minutes"].isna().to_numpy(),
            "that ended before they were opened, or were resolved later than closed",
        ),
    }
    return {
        name: column(
            counted(mask, teams, len(total)),
            "incidents",
            f"incidents {what}; left out of the time to restore{called}",
            total,
            total,
            absent,
        )
        for name, (mask, what) in kinds.items()
    }


def _lines(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    moves = data["escalated"].to_numpy()
    known = counted(~np.isnan(moves), teams, len(total))
    up = counted(moves > 0, teams, len(total))
    absent = tidy.absent.get("escalated", "")
    by = f", by {tidy.words['escalated']}" if "escalated" in tidy.words else ""
    how = f"incidents that went to a higher support line at least once{by}"
    sums = np.bincount(teams, weights=np.nan_to_num(moves), minlength=len(total)).astype(np.int64)
    return {
        "escalated": column(up, "incidents", how, known, total, absent),
        "escalated_share": column(
            share(up, known), "%", f"{how}; over all in which it is recorded", known, total, absent
        ),
        "escalations": column(sums, "escalations", f"moves to a higher support line{by}", known, total, absent),
    }


def _engineering(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    codes = data["linked"].cat.codes.to_numpy()
    linked = codes >= 0
    n = counted(linked, teams, len(total))
    absent = tidy.absent.get("linked", "")
    what = "incidents linked to a problem, a change or a defect"
    found = {
        "engineering": column(n, "incidents", what, total, total, absent),
        "engineering_share": column(share(n, total), "%", f"{what}, over all", total, total, absent),
    }
    for code, kind in enumerate(LINKS):
        one = f"incidents linked to a {kind}; of several links the first of {', '.join(LINKS)} counts"
        found[f"linked_{kind}"] = column(
            counted(codes == code, teams, len(total)),
            "incidents",
            one,
            total,
            total,
            absent or tidy.absent.get(kind, ""),
        )
    hours = data["restore_minutes"].to_numpy()[linked] / 60
    how = f"time {tidy.words.get('restore', 'to restore')}, by the clock, of the {what} that ended"
    no_end = absent or tidy.absent.get("restore", "")
    return found | durations("engineering_restore_{}_hours", "hours", hours, teams[linked], n, how, no_end)
