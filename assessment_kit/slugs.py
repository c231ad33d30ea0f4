"""Names of folders and files out of any text a person may call a team."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 60
#: Digits of the hash behind a name that lost something: two names of one folder would need 4 billion teams.
HASH_DIGITS = 8

#: Letters that no decomposition of Unicode turns into ASCII, but every reader of their languages does.
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŋ": "n", "\u0131": "i"}
)
#: Names that Windows keeps for devices, whatever the ending.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))]
)


def slug(name: str) -> str:
    """Return a name as a folder or file can have it on Windows, macOS and Linux: Card Payments is card-payments.

    Small ASCII letters, digits and single hyphens, at most 60, the same on every machine. Where more than case, spaces,
    hyphens and underscores is lost (accents, other scripts, punctuation, length), a short hash of the whole name
    follows: ``Zahlungsverkehr/€ & Co`` is ``zahlungsverkehr-co-`` and eight digits.
    """
    whole = _canonical(name)
    plain = whole.casefold().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", ascii_only))
    kept_all = words == re.sub(r"[\s_-]+", "-", whole.lower()).strip("-")
    if kept_all and words and len(words) <= LONGEST and words not in _DEVICES:
        return words
    # surrogatepass: half a character is no text, but even that must not bring a programme down.
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_DIGITS]
    readable = words[: LONGEST - HASH_DIGITS - 1].strip("-") or "team"
    return f"{readable}-{digest}"


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are the same to a reader: spaces, or how an accent is stored, do not tell them apart."""
    return _canonical(one) == _canonical(other)


def _canonical(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())
