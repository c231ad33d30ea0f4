"""What a notebook's parameters name: files, the guide, whom it is for."""

from __future__ import annotations

import os
from pathlib import Path

from assessment_kit.audience import Audience, parse_audience
from assessment_kit.errors import StorageError, UsageError
from assessment_kit.guide import Guide
from assessment_kit.guide_file import load_guide


def reader_and_rules(audience: str, guide: str | Path, what: str) -> tuple[Audience, Guide]:
    """Return what a notebook's parameters ``audience`` and ``guide`` name; ``what`` is made for the audience.

    Raises
    ------
    UsageError
        When no audience is named, or none that is known.
    GuideError, StorageError
        When the guide is wrong, or cannot be read.
    """
    if not str(audience).strip():
        # Without a default: a misspelt parameter must not give everything to whoever was to get less.
        raise UsageError(f"Give the parameter audience, which says who the {what} is for: team, sre or leadership.")
    return parse_audience(audience), load_guide(find_file(guide) if str(guide).strip() else None)


def find_file(path: str | Path) -> Path:
    """Return where a parameter's file is.

    Raises
    ------
    StorageError
        When it is in none of the places; with all of them.
    """
    wanted = Path(str(path).strip()).expanduser()
    if wanted.is_absolute():
        if not wanted.is_file():
            raise StorageError(f"{wanted}: there is no such file. Check the path.")
        return wanted
    here = Path.cwd()
    # PWD keeps the directory in which the command was typed, whatever papermill or a kernel changed to since.
    places = list(dict.fromkeys([here, Path(os.environ.get("PWD") or here), here.parent]))
    for place in places:
        if (place / wanted).is_file():
            return place / wanted
    looked = ", ".join(str(place) for place in places)
    raise StorageError(f"{wanted}: there is no such file in {looked}. Give the path from there, or an absolute one.")
