"""What stands behind a name and is none: the department in brackets, or behind a comma."""

from __future__ import annotations

import re

_BRACKETS = re.compile(r"[(\uff08]([^()\uff08\uff09]*)[)\uff09]")
#: Other people may follow behind the next sign.
_BEHIND_COMMA = re.compile(
    r",\s*(?:abt(?:eilung|\.)|bereich|team|dep(?:artment|t\b)|division|unit|d[ée]partement|departamento|reparto|"
    r"dipartimento|afdeling)\b[^,;|/\n]*",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"\S*[\d@]\S*")


def without_departments(cell: str) -> str:
    """Return the names of a cell without departments: ``Doe, Jane (Cloud Platform)``, ``Meier, Abteilung Verkauf``."""
    if "(" in cell or "\uff08" in cell:
        bare = _BRACKETS.sub(lambda found: f" {found[1]} " if _is_login(found[1].strip()) else " ", cell)
        cell = bare if bare.strip() else cell
    return _BEHIND_COMMA.sub("", cell) if "," in cell else cell


def _is_login(text: str) -> bool:
    """Tell whether a login stands in brackets: one word in small letters, or with digits or an @."""
    return (text.isalpha() and text.islower()) or _LOGIN.fullmatch(text) is not None
