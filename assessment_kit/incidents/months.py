"""Names of months in the languages of exports, as English ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

#: For each month its names and abbreviations in German, French, Spanish, Italian, Portuguese, Dutch and English, in
#: lower case and without a dot. No name means two months.
_NAMES = (
    "januar jänner jan jän janvier janv enero ene gennaio gen janeiro januari january",
    "februar feber feb februari fevereiro febrero febbraio février févr fév fevrier fevr fev february",
    "märz mär mrz maerz mars mar marzo março marco maart mrt march",
    "april apr avril avr abril abr aprile",
    "mai mayo may maggio mag maio mei",
    "juni jun juin junio giugno giu junho june",
    "juli jul juillet juil julio luglio lug julho july",
    "august aug août aout agosto ago augustus",
    "september sep sept septembre septiembre setiembre settembre set setembro",
    "oktober okt octobre oct octubre ottobre ott outubro out october",
    "november nov novembre noviembre novembro",
    "dezember dez décembre déc decembre dec diciembre dic dicembre dezembro december",
)
MONTHS: Mapping[str, str] = {name: _ENGLISH[place] for place, names in enumerate(_NAMES) for name in names.split()}

#: A word between the numbers of a day and a year; "5. März 2025", "5 de marzo de 2025", "05-févr.-25".
_BETWEEN = re.compile(r"(?<!\d)(\d{1,2})(\.?)([ ./-])(?:de )?([^\W\d_]{3,})\.?\s?\3?(?:de )?(?=\d{2})")


def in_english(text: str) -> str:
    """Return a text with the name of its month in English and three letters, where it stands between day and year."""
    if not (match := _BETWEEN.search(text)):
        return text
    month = MONTHS.get(match[4].casefold())
    if month is None:
        return text
    return f"{text[: match.start()]}{match[1]}{match[3]}{month}{match[3]}{text[match.end() :]}"
