"""One export into teams: which ticket is whose, and what belongs to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from assessment_kit.incidents.kinds import INCIDENT
from assessment_kit.incidents.normal import Tidy
from assessment_kit.incidents.notes import EXAMPLES, LeftOut, Notes, quoted
from assessment_kit.wording import count


@dataclass(frozen=True)
class Split:
    """The tickets of an export by team.

    Attributes
    ----------
    names
        Every team that has a ticket.
    codes
        For each ticket of any kind the position of its team in ``names``, -1 for none.
    """

    frame: pd.DataFrame
    names: tuple[str, ...]
    codes: np.ndarray

    @cached_property
    def _incident(self) -> np.ndarray:
        return (self.frame["kind"] == INCIDENT).to_numpy()

    @cached_property
    def _counts(self) -> dict[str, tuple[int, int]]:
        """Team to its incidents and their rows."""
        mine = self._incident & (self.codes >= 0)
        rows = self.frame["rows"].to_numpy()[mine]
        incidents = np.bincount(self.codes[mine], minlength=len(self.names)).tolist()
        used = np.bincount(self.codes[mine], weights=rows, minlength=len(self.names)).astype(np.int64).tolist()
        return dict(zip(self.names, zip(incidents, used, strict=True), strict=True))

    @cached_property
    def _places(self) -> dict[int, np.ndarray]:
        order = np.argsort(self.codes, kind="stable")
        edges = np.flatnonzero(np.diff(self.codes[order])) + 1
        groups = np.split(order, edges)
        return {int(self.codes[group[0]]): group for group in groups if len(group)}

    def at_least(self, fewest: int) -> tuple[list[str], dict[str, int]]:
        """Return the teams with so many incidents (one at least) in alphabetical order, and the others' incidents."""
        ordered = sorted(self.names, key=lambda name: (name.casefold(), name))
        counts = {name: self._counts[name][0] for name in ordered if self._counts[name][0]}
        kept = [name for name, incidents in counts.items() if incidents >= fewest]
        return kept, {name: incidents for name, incidents in counts.items() if incidents < fewest}

    def positions(self, kept: list[str]) -> np.ndarray:
        """Return for each incident the position of its team among those kept, -1 for none."""
        position = {name: place for place, name in enumerate(kept)}
        lookup = np.array([position.get(name, -1) for name in self.names] + [-1], dtype=np.int64)
        return lookup[self.codes[self._incident]]

    def rows_used(self, team: str) -> int:
        """Return how many rows of the export tell of a team's incidents."""
        return self._counts[team][1]

    def tickets(self, team: str) -> pd.DataFrame:
        """Return a team's tickets of every kind."""
        if len(self.names) == 1 and len(self._places[0]) == len(self.frame):
            return self.frame
        return self.frame.take(self._places[self.names.index(team)])

    def notes(self, small: dict[str, int], fewest: int, column: str) -> Notes:
        """Return the account of what belongs to no team that is kept."""
        rows = self.frame["rows"].to_numpy()
        nobody = self._incident & (self.codes < 0)
        examples = tuple(self.frame["id"][nobody].head(EXAMPLES).tolist())
        entries = [LeftOut(f"rows without a team in {quoted(column)}", int(rows[nobody].sum()), examples)]
        decisions = []
        if small:
            named = tuple(
                f"{name}: {count(incidents, 'incident')}" for name, incidents in list(small.items())[:EXAMPLES]
            )
            reason = f"rows of teams with fewer than {count(fewest, 'incident')}"
            entries.append(LeftOut(reason, sum(self.rows_used(name) for name in small), named))
            total = count(sum(small.values()), "incident")
            decisions.append(
                f"{count(len(small), 'team')} with fewer than {count(fewest, 'incident')} ({total} together) "
                f"{'is' if len(small) == 1 else 'are'} left out."
            )
        return Notes(tuple(entries), tuple(decisions))


def split_by_team(tidy: Tidy, name: str | None) -> Split:
    """Return the tickets by their own team, or all under one name."""
    if name is not None:
        return Split(tidy.frame, (name,), np.zeros(len(tidy.frame), dtype=np.int64))
    team = tidy.frame["team"].cat
    return Split(tidy.frame, tuple(str(each) for each in team.categories), team.codes.to_numpy().astype(np.int64))
