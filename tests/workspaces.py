"""A workspace with one document, for the tests of saving."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.document import Answer, Document
from assessment_kit.guide_file import load_guide
from assessment_kit.workspace import Opened, Workspace

GUIDE = load_guide()
DAY = date(2026, 11, 24)
ROOT = Path(__file__).parents[1]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """Return a document that was just created."""
    return Workspace(tmp_path / "ws").create("Payments", DAY, GUIDE)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the workspace it is in."""
    return Workspace(tmp_path / "ws")


def noted(document: Document, text: str) -> Document:
    """Return the document with one answer more, or changed."""
    return document.model_copy(update={"answers": {**document.answers, "agreements": Answer(value=text)}})


def note(document: Document) -> Any:
    """Return what :func:`noted` put there."""
    return document.answers["agreements"].value
