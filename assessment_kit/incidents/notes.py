"""What an import has to tell: rows left out and why, decisions taken, warnings. Values that add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Rows shown for each reason: enough to recognise the case, few enough to read.
EXAMPLES = 3
#: Longest piece of an export's text quoted in a message.
QUOTED = 60
_LONGEST_NAME = 30


@dataclass(frozen=True)
class LeftOut:
    """Rows of the export that were not used, for one reason.

    Attributes
    ----------
    reason
        Why, as a clause that follows a count: ``rows without an opened time``.
    rows
        How many rows of the export.
    examples
        At most three of them, in words.
    """

    reason: str
    rows: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notes:
    """The account of one step. Two accounts add up to the account of both steps.

    Attributes
    ----------
    decisions, warnings
        Full sentences. They are stored, so they quote no cell: people type into cells what is nobody else's business.
    quotes
        Cells as they are written, by what is wrong with them: for whoever imports, and stored nowhere.
    """

    left_out: tuple[LeftOut, ...] = ()
    decisions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    quotes: tuple[LeftOut, ...] = ()

    def __add__(self, other: Notes) -> Notes:
        return Notes(
            _merged(self.left_out + other.left_out),
            self.decisions + tuple(text for text in other.decisions if text not in self.decisions),
            self.warnings + tuple(text for text in other.warnings if text not in self.warnings),
            _merged(self.quotes + other.quotes),
        )

    def counts(self) -> dict[str, int]:
        """Return reason to rows, as the import record keeps it."""
        return {entry.reason: entry.rows for entry in self.left_out}


def _merged(entries: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    found: dict[str, LeftOut] = {}
    for entry in entries:
        if not entry.rows:
            continue
        before = found.get(entry.reason, LeftOut(entry.reason, 0))
        examples = (before.examples + entry.examples)[:EXAMPLES]
        found[entry.reason] = LeftOut(entry.reason, before.rows + entry.rows, examples)
    return tuple(found.values())


def quoted(text: object) -> str:
    """Return a piece of the export for a message: on one line, in quotes, not endless."""
    plain = " ".join(str(text).split())
    return f"'{plain if len(plain) <= QUOTED else plain[: QUOTED - 1] + '…'}'"


def quoted_list(texts: Iterable[object], most: int = 30) -> str:
    """Return names of an export in a row, the rest as a number."""
    names = [quoted(text) for text in texts]
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def short(texts: Iterable[str]) -> list[str]:
    """Return those of some texts that can be names of a state: a sentence is none, and not quoted in what is stored."""
    return [text for text in texts if len(text) <= _LONGEST_NAME]


def skipped_lines(lines: Sequence[str]) -> tuple[LeftOut, ...]:
    """Return the lines above a header, to be shown."""
    return (LeftOut("lines above the header", len(lines), tuple(quoted(line) for line in lines[:EXAMPLES])),)
