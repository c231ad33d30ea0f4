"""What a person says about an export where its cells cannot tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assessment_kit.errors import UsageError
from assessment_kit.incidents.notes import quoted
from assessment_kit.incidents.texts import MISSING

#: Roles whose cells name something that may really be called "NA" (North America); elsewhere it means nothing.
NAMES = frozenset({"team", "type", "item", "source"})
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)


@dataclass(frozen=True)
class Rules:
    """What was said by hand. Everything is optional.

    Attributes
    ----------
    columns
        Role (of :data:`assessment_kit.incidents.roles.ROLES`) to column, where an export's own names do not tell; None
        where no column plays the role.
    day_first
        Whether 03/04/2026 is 3 April. None decides by evidence.
    timezone
        Zone of times that carry none, and of days and hours: ``Europe/Zurich`` or ``+01:00``. "" takes them as written.
    keep
        Texts that are values although they are usual markers of nothing, compared without case.
    missing
        Further texts that mean nothing.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    day_first: bool | None = None
    timezone: str = ""
    keep: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()

    def markers(self, role: str) -> frozenset[str]:
        """Return the texts that mean nothing in a column of that role, without case."""
        usual = MISSING if role in NAMES else MISSING | {"na"}
        return (usual | {text.strip().casefold() for text in self.missing}) - {
            text.strip().casefold() for text in self.keep
        }

    @property
    def zone(self) -> tzinfo | None:
        """The zone said, None where none was.

        Raises
        ------
        UsageError
            When there is no such zone.
        """
        if not self.timezone.strip():
            return None
        return zone_of(self.timezone.strip())


def zone_of(name: str) -> tzinfo:
    """Return a zone by its name in the IANA database or its offset from UTC.

    Raises
    ------
    UsageError
        When there is no such zone.
    """
    if name.upper() in ("UTC", "GMT", "Z"):
        return ZoneInfo("UTC")
    if match := _OFFSET.fullmatch(name):
        length = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if length <= timedelta(hours=14):
            return timezone(length if match[1] == "+" else -length)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = "Name one as Europe/Zurich or America/New_York, or its offset: +01:00."
        raise UsageError(f"There is no time zone {quoted(name)}. {known}") from None
