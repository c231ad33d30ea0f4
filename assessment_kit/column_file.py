"""What a person says about an export, as a small YAML file that can be used again: which column is what.

::

    columns:
      id: Fall
      opened: Beginn
      resolved: Ende
    dates: day first
    timezone: Europe/Zurich
    keep: [NA]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from assessment_kit.durable import write_text
from assessment_kit.errors import DataError, Problem

_ORDERS = {"day first": True, "month first": False}
_KEYS = ("columns", "dates", "timezone", "keep", "missing")


@dataclass(frozen=True)
class Reading:
    """How an export is to be read, where its cells cannot tell.

    Attributes
    ----------
    columns
        Role to the export's column; None where no column plays the role, although one may be called like it.
    day_first
        Whether 02/03/2026 is the 2nd of March; None decides by evidence.
    timezone
        Zone of times that name none; "" takes them as written.
    keep, missing
        Texts that are values, and texts that mean nothing.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    day_first: bool | None = None
    timezone: str = ""
    keep: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def overruled(
        self, *, day_first: bool | None, timezone: str, keep: Sequence[str], missing: Sequence[str]
    ) -> Reading:
        """Return it with what was said on the command line, which counts more."""
        return replace(
            self,
            day_first=self.day_first if day_first is None else day_first,
            timezone=timezone or self.timezone,
            keep=(*self.keep, *keep),
            missing=(*self.missing, *missing),
        )


def read_columns(path: Path) -> Reading:
    """Read a file of columns.

    Raises
    ------
    DataError
        With every problem of the file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what = f"it cannot be read ({(error.strerror or str(error)).lower()})"
        raise DataError([Problem(str(path), what, "Check the name of the file.")]) from None
    return parse_columns(content, str(path))


def parse_columns(content: bytes, name: str) -> Reading:
    """Return what a file of columns says; ``name`` is what its problems call it.

    Raises
    ------
    DataError
        With every problem of the file.
    """
    try:
        found = yaml.safe_load(content.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        what = f"it is not valid YAML ({' '.join(str(error).split())[:160]})"
        raise DataError([Problem(name, what, "A line reads like `opened: Created on`.")]) from None
    if not isinstance(found, dict):
        what = "it holds no `columns:`"
        raise DataError([Problem(name, what, "Write `columns:`, and below it lines like `  opened: Created on`.")])
    problems = _problems(name, found)
    if problems:
        raise DataError(problems)
    order = found.get("dates")
    return Reading(
        columns={
            str(role): None if column is None else str(column) for role, column in (found.get("columns") or {}).items()
        },
        day_first=None if order is None else _ORDERS[" ".join(str(order).lower().replace("-", " ").split())],
        timezone=str(found.get("timezone") or ""),
        keep=tuple(map(str, found.get("keep") or ())),
        missing=tuple(map(str, found.get("missing") or ())),
    )


def _problems(name: str, found: Mapping[Any, Any]) -> list[Problem]:
    from assessment_kit.incidents import ROLES

    problems = [
        Problem(f"{name}: {key}", "there is no such setting", f"The settings are {', '.join(_KEYS)}.")
        for key in found
        if key not in _KEYS
    ]
    columns = found.get("columns") or {}
    if not isinstance(columns, dict):
        problems.append(
            Problem(f"{name}: columns", "it is no list of roles", "Write lines like `  opened: Created on`.")
        )
        columns = {}
    for role, column in columns.items():
        if role not in ROLES:
            remedy = f"The roles are {', '.join(ROLES)}."
            problems.append(Problem(f"{name}: columns.{role}", "there is no such role", remedy))
        elif isinstance(column, dict | list):
            remedy = "Write the name of one column; put it in quotes where it holds a colon."
            problems.append(Problem(f"{name}: columns.{role}", "it names no column", remedy))
    order = found.get("dates")
    if order is not None and " ".join(str(order).lower().replace("-", " ").split()) not in _ORDERS:
        problems.append(Problem(f"{name}: dates", f"'{order}' is no order", "Write `day first` or `month first`."))
    for key in ("keep", "missing"):
        if not isinstance(found.get(key) or [], list):
            problems.append(Problem(f"{name}: {key}", "it is no list", f"Write `{key}: [NA]`."))
    return problems


def save_columns(path: Path, columns: Mapping[str, str], reading: Reading) -> None:
    """Save how an export was read, to be used for the next one.

    Raises
    ------
    StorageError
        When it cannot be written.
    """
    write_text(path, columns_text(columns, reading, path.name))


def columns_text(columns: Mapping[str, str], reading: Reading, name: str) -> str:
    """Return the contents of a file of columns of this name.

    Parameters
    ----------
    columns
        Role to column, as an export was read.
    reading
        What was said about it; roles that no column plays are kept.
    """
    unplayed = {role: None for role, column in reading.columns.items() if column is None and role not in columns}
    data: dict[str, Any] = {"columns": {**columns, **unplayed}}
    if reading.day_first is not None:
        data["dates"] = "day first" if reading.day_first else "month first"
    if reading.timezone:
        data["timezone"] = reading.timezone
    for key, texts in (("keep", reading.keep), ("missing", reading.missing)):
        if texts:
            data[key] = list(texts)
    head = f"# Which column is what. Use it with: assessment-kit import EXPORT --columns {name}\n"
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1_000)


def suggestion(exports: Sequence[Path], reading: Reading) -> str:
    """Return a file of columns to start from for the first export whose columns are not understood; "" for none."""
    from assessment_kit.incidents import ROLES, guess_columns

    for export in exports:
        guess = guess_columns(export, reading.columns)
        if guess is None:
            continue
        text = columns_text(guess.columns, replace(reading, columns={}), "columns.yaml").rstrip()
        if not guess.columns:
            text = text.replace("columns: {}", "columns:")
        if "opened" not in guess.columns:
            unsure = "columns:\n  opened: ?   # the column with the time an incident was opened"
            text = text.replace("\ncolumns:", f"\n{unsure}", 1)
        others = [f"#   {column}" for column in guess.unused[:40]]
        if len(guess.unused) > len(others):
            others.append(f"#   … and {len(guess.unused) - len(others):,} more")
        rest = ["# Columns without a role:", *others] if others else []
        roles = f"# Roles: {', '.join(ROLES)}."
        return "\n".join(["", text, *rest, roles])
    return ""
