"""Ticket exports to measured answers: the pandas half of the kit that reads what teams already have.

::

    files -> read -> recognise -> clock -> normal, events, signals -> window, rate, measures -> answers
    bytes    texts   formats      times    one row                    how many, and           plain data
                     vendors      zones    per ticket                 how sure

:func:`read_export` is the door. It reads files and returns values; documents are written elsewhere.
"""

from __future__ import annotations

from assessment_kit.incidents.door import read_export
from assessment_kit.incidents.formats import Format
from assessment_kit.incidents.guess import Guess, columns_of, guess_columns
from assessment_kit.incidents.measured import Measure
from assessment_kit.incidents.notes import LeftOut
from assessment_kit.incidents.result import Import, TeamImport
from assessment_kit.incidents.roles import ROLES
from assessment_kit.incidents.schema import SCHEMA
from assessment_kit.incidents.vendors import FORMATS

__all__ = [
    "FORMATS", "ROLES", "SCHEMA", "Format", "Guess", "Import", "LeftOut", "Measure", "TeamImport", "columns_of",
    "guess_columns", "read_export",
]  # fmt: skip
