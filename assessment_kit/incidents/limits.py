"""Sizes at which tools cut their exports off without a word."""

from __future__ import annotations

from collections.abc import Mapping

from assessment_kit.incidents.notes import Notes
from assessment_kit.incidents.raw import Raw

#: Rows at which an export is suspect, and whose limit that is. ServiceNow: the properties glide.ui.export.limit and
#: glide.csv.export.limit, and sysparm_limit, as delivered. Jira: search results of a CSV
#: export. Excel: rows of a sheet, with and without the header. The others are page sizes that people choose.
LIMITS: Mapping[int, str] = {
    100: "a page of many REST interfaces",
    500: "a usual page",
    1_000: "the limit of Jira's export and of many REST interfaces",
    2_000: "a usual page",
    5_000: "a usual page",
    10_000: "the limit of ServiceNow's export and of many search interfaces",
    20_000: "a usual limit",
    32_000: "a usual limit",
    50_000: "a usual limit",
    65_535: "what fits into a sheet of old Excel",
    65_536: "what fits into a sheet of old Excel",
    100_000: "a usual limit",
    500_000: "a usual limit",
    1_000_000: "a usual limit",
    1_048_575: "what fits into a sheet of Excel",
    1_048_576: "what fits into a sheet of Excel",
}


def capped(raw: Raw) -> Notes:
    """Warn when a file has exactly as many rows as tools export at most."""
    whose = LIMITS.get(raw.rows_read)
    if whose is None:
        return Notes()
    text = (
        f"{raw.name} has exactly {raw.rows_read:,} rows, {whose}: it may have been cut off. Compare with the number of "
        "tickets in the tool, or export shorter periods and import them together."
    )
    return Notes(warnings=(text,))
