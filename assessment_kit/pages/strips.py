"""A number and its interval as a line of a few pixels, drawn by the page itself: it stands where scripts do not run.

A strip repeats what the words beside it say, so it is hidden from screen readers. What is not known is not on it.
"""

from __future__ import annotations

from markupsafe import Markup

from assessment_kit.pages.page_words import EMPTY


def strip(
    domain: tuple[float, float],
    value: float | None,
    low: float | None,
    high: float | None,
    *,
    last: float | None = None,
    target: float | None = None,
) -> Markup:
    """Return a scale with an interval, a dot, a ring for last time, and an upright line for a target.

    Parameters
    ----------
    domain
        Least and greatest number of the scale.
    value
        None draws the interval as a dashed line: what is possible, of something that is not known.
    """
    start, end = domain
    width = end - start
    if width <= 0:
        return EMPTY

    def place(number: float) -> str:
        return f"{min(max(100 * (number - start) / width, 0.0), 100.0):.2f}%"

    parts = [Markup('<line class="ak-strip-scale" x1="0" x2="100%" y1="8" y2="8"/>')]
    if low is not None and high is not None and high > low:
        kind = "span" if value is not None else "possible"
        parts.append(
            Markup('<line class="ak-strip-{}" x1="{}" x2="{}" y1="8" y2="8"/>').format(kind, place(low), place(high))
        )
    if target is not None:
        parts.append(Markup('<line class="ak-strip-target" x1="{0}" x2="{0}" y1="1" y2="15"/>').format(place(target)))
    if last is not None:
        parts.append(Markup('<circle class="ak-strip-last" cx="{}" cy="8" r="3.5"/>').format(place(last)))
    if value is not None:
        parts.append(Markup('<circle class="ak-strip-dot" cx="{}" cy="8" r="4.5"/>').format(place(value)))
    return Markup(
        '<svg class="ak-strip" width="100%" height="16" aria-hidden="true" focusable="false">{}</svg>'
    ).format(EMPTY.join(parts))
