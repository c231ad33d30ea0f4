"""The index of a batch, from the documents of its teams."""

from __future__ import annotations

from pathlib import Path

from assessment_kit.audience import parse_audience
from assessment_kit.guide_file import load_guide
from assessment_kit.orders import IndexOrder
from assessment_kit.pages.index_page import index_entry, render_index


def make_index(order: IndexOrder) -> bytes:
    """Return the bytes of ``index.html``.

    Raises
    ------
    GuideError
        When the guide cannot be used. A document that cannot be used is a line with its reason.
    """
    guide, reader = load_guide(order.guide or None), parse_audience(order.audience)
    entries = [
        index_entry(Path(line.document), guide, reader, team=line.team, day=line.day, href=line.href, error=line.error)
        for line in order.lines
    ]
    page = render_index(entries, guide=guide, audience=reader, generated=order.generated)
    # An error message may quote half a character, which UTF-8 cannot hold.
    return page.encode("utf-8", "replace")
