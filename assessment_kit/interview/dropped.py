"""What was dropped on the form, read: exports, and the file that says which of their columns is what. No widgets."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assessment_kit.column_file import Reading, parse_columns
from assessment_kit.errors import DataError, ExportError, Problem, UsageError

if TYPE_CHECKING:
    from assessment_kit.incidents import Guess, Import

#: How the name of a file of columns ends.
_COLUMN_FILES = (".yaml", ".yml")

#: A file's name and contents, as the browser sends them.
File = tuple[str, bytes]


@dataclass(frozen=True)
class Wish:
    """What shall be read, and how.

    Attributes
    ----------
    exports
        Exports of one kind.
    column_files
        Files of columns that are still to be read; what they say comes in place of ``reading``.
    reading
        What is known of the columns.
    chosen
        Which of the teams that the export names is meant; "" for all together.
    guess
        Whether it shall be found out which column may be what, where it cannot be read.
    """

    exports: tuple[File, ...]
    column_files: tuple[File, ...]
    team: str
    reading: Reading
    chosen: str
    guess: bool


@dataclass(frozen=True)
class Found:
    """What was read.

    Attributes
    ----------
    part
        The name, in the export, of the part that counts.
    named
        Teams that the export names, with their incidents.
    chosen
        The one of them that counts; "" for all.
    """

    export: Import
    part: str
    named: Mapping[str, int]
    chosen: str


@dataclass(frozen=True)
class Outcome:
    """What came of a wish.

    Attributes
    ----------
    reading
        How the export was to be read, with what a file of columns says.
    found
        What was read; None where it cannot be.
    problems
        Why it cannot be.
    columns
        Which column is what, as it was understood or may be; None where that is not known.
    """

    reading: Reading
    found: Found | None = None
    problems: tuple[Problem, ...] = ()
    columns: Guess | None = None


def sorted_out(files: Sequence[File]) -> tuple[tuple[File, ...], tuple[File, ...]]:
    """Return the exports among some files, and the files of columns."""
    exports: list[File] = []
    columns: list[File] = []
    for file in files:
        (columns if plain_name(file[0]).casefold().endswith(_COLUMN_FILES) else exports).append(file)
    return tuple(exports), tuple(columns)


def fulfil(wish: Wish) -> Outcome:
    """Read exports from a folder that is gone afterwards: an export holds more than a document may keep."""
    # pandas takes seconds to import, and most conversations have no export.
    from assessment_kit import incidents

    reading = wish.reading
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        try:
            reading = _said(wish)
            for place, (name, content) in enumerate(wish.exports):
                # Each in a folder of its own: two may have one name.
                path = Path(folder) / str(place) / plain_name(name)
                path.parent.mkdir()
                path.write_bytes(content)
                paths.append(path)
            found = _read(paths, wish.team, reading, wish.chosen)
            export = found.export
            return Outcome(reading, found, columns=incidents.Guess(export.columns, (), export.header, export.format))
        except ExportError as error:
            known = [incidents.columns_of(path, reading.columns) for path in paths if wish.guess]
            # First those that are to be asked for.
            columns = min(filter(None, known), key=lambda each: bool(each.format), default=None)
            return Outcome(reading, problems=error.problems, columns=columns)
        except DataError as error:
            return Outcome(reading, problems=error.problems)
        except UsageError as error:  # a zone that there is not
            where = ", ".join(plain_name(name) for name, _ in wish.column_files) or "columns"
            return Outcome(
                reading, problems=(Problem(where, f"{error}".rstrip("."), "Correct it, and drop it again."),)
            )


def _said(wish: Wish) -> Reading:
    if not wish.column_files:
        return wish.reading
    names = [plain_name(name) for name, _ in wish.column_files]
    if len(names) > 1:
        raise DataError([Problem(", ".join(names), "these are several files of columns", "Drop one of them.")])
    said = parse_columns(wish.column_files[0][1], names[0])
    if not wish.exports:
        remedy = "Drop it together with the export that it belongs to."
        raise DataError([Problem(names[0], "it only says which column is what, and the export is missing", remedy)])
    return said


def _read(paths: list[Path], team: str, reading: Reading, chosen: str) -> Found:
    from assessment_kit import incidents

    read = partial(
        incidents.read_export,
        paths,
        columns=reading.columns,
        day_first=reading.day_first,
        timezone=reading.timezone,
        keep=reading.keep,
        missing=reading.missing,
    )
    whole = read(team=team)
    named = whole.named_teams()
    if chosen not in named:
        [part] = whole.teams
        return Found(whole, part, named, "")
    split = read(team_column=whole.columns["team"])
    return Found(split.of_team(chosen), chosen, named, chosen)


def plain_name(name: str) -> str:
    """Return a file's name without folders, and without what no file can be named."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "").strip()
    return last.encode("utf-8", "replace").decode()[-100:] if last.strip(".") else "export"
