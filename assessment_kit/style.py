"""The look: one palette, one type scale, one Vega-Lite configuration, for the page and for its charts.

A chart's specification carries **no colours**. It names a mark style (``mark_bar(style=style.EMPHASIS)``), leaves a
scale to the configured ranges, or, where a condition must choose, uses one of the names below as a value
(``alt.value(style.ACCENT)``). Those names are CSS custom properties, ``var(--ak-accent)``, and the page gives them
their value. So one drawing serves light, dark, JupyterLab's own theme and paper; a switch of theme neither redraws a
chart nor loses a reader's selection.

Mark styles
    ``EMPHASIS`` what the title speaks of · ``CONTEXT`` the rest · ``ATTENTION`` what asks for action · ``ABSENT`` an
    outline for what was not answered, never a zero · ``BEFORE`` last time · ``INTERVAL`` a broad band from low to
    high · ``WHISKER`` the same as a thin line over a bar · ``TARGET`` a dashed rule · ``LABEL`` text at a mark ·
    ``NUMBER`` its number · ``NOTE`` small text · ``REVERSED`` text on a filled mark · ``MEASURED``, ``ESTIMATED``
    and ``GUESS`` the basis of a point · ``PICKED`` the ground behind what the reader selected.

Scales
    Nominal colours come from ``CATEGORIES`` and ordinal ones from ``LEVELS`` by themselves. Colour for a number: prefer
    ``alt.Scale(type="quantize", range=style.LEVELS)``, whose steps a reader can name; the continuous ramp works too.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal

from assessment_kit.resources import templates_dir

Theme = Literal["light", "dark"]

SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
SERIF = 'Charter, "Bitstream Charter", "Iowan Old Style", "Palatino Linotype", Georgia, serif'
MONO = 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace'

#: Every colour there is, by its role. Text roles reach a contrast of 4.5 against ``paper`` and ``surface``, drawn
#: roles 3 against ``paper``; the categories stay apart under each kind of colour blindness (tests hold both).
PALETTE: dict[Theme, dict[str, str]] = {
    "light": {
        "paper": "#fbfaf7",
        "surface": "#f2f0ea",
        "ink": "#1c2327",
        "muted": "#556068",
        "rule": "#d9d5cb",
        "grid": "#e6e3db",
        "accent": "#0d6a82",
        "accent-soft": "#dcebef",
        "alarm": "#b04a0c",
        "alarm-soft": "#f9e9dc",
        "context": "#7f898e",
        "interval": "#5597ab",
        "category-1": "#0d6a82",
        "category-2": "#bf7a3c",
        "category-3": "#3c2d7d",
        "category-4": "#4694d8",
        "category-5": "#6b2130",
        "category-6": "#76591f",
        "level-1": "#d5e6eb",
        "level-2": "#a3cad6",
        "level-3": "#66a5b8",
        "level-4": "#267c95",
        "level-5": "#084a5c",
        "level-1-ink": "#1c2327",
        "level-2-ink": "#1c2327",
        "level-3-ink": "#1c2327",
        "level-4-ink": "#ffffff",
        "level-5-ink": "#ffffff",
    },
    "dark": {
        "paper": "#14181b",
        "surface": "#1d2327",
        "ink": "#e9e7e2",
        "muted": "#a7afb4",
        "rule": "#384046",
        "grid": "#2a3135",
        "accent": "#63bfd6",
        "accent-soft": "#17323a",
        "alarm": "#f0a15e",
        "alarm-soft": "#3a2717",
        "context": "#6f7a80",
        "interval": "#3d8398",
        "category-1": "#63bfd6",
        "category-2": "#d98a4b",
        "category-3": "#8f86d8",
        "category-4": "#a9e4e0",
        "category-5": "#b5533c",
        "category-6": "#e3cf63",
        "level-1": "#1d3a44",
        "level-2": "#275766",
        "level-3": "#2f7891",
        "level-4": "#58b0c9",
        "level-5": "#a5e2f0",
        "level-1-ink": "#e9e7e2",
        "level-2-ink": "#e9e7e2",
        "level-3-ink": "#ffffff",
        "level-4-ink": "#14181b",
        "level-5-ink": "#14181b",
    },
}


def _name(role: str) -> str:
    return f"var(--ak-{role})"


PAPER = _name("paper")
INK = _name("ink")
MUTED = _name("muted")
RULE = _name("rule")
ACCENT = _name("accent")
ALARM = _name("alarm")
CONTEXT_COLOUR = _name("context")
INTERVAL_COLOUR = _name("interval")
CATEGORIES = tuple(_name(f"category-{n}") for n in range(1, 7))
LEVELS = tuple(_name(f"level-{n}") for n in range(1, 6))

#: Width in pixels below which a drawing is made for a narrow screen.
NARROW = 460

EMPHASIS = "ak-emphasis"
CONTEXT = "ak-context"
ATTENTION = "ak-attention"
ABSENT = "ak-absent"
BEFORE = "ak-before"
INTERVAL = "ak-interval"
WHISKER = "ak-whisker"
TARGET = "ak-target"
LABEL = "ak-label"
NUMBER = "ak-number"
NOTE = "ak-note"
REVERSED = "ak-reversed"
MEASURED = "ak-measured"
ESTIMATED = "ak-estimated"
GUESS = "ak-guess"
PICKED = "ak-picked"


def page_css() -> str:
    """Return the whole style sheet of a page: palette, fragments, and the page around them."""
    return f"{fragment_css()}\n{_sheet('page.css')}"


def fragment_css() -> str:
    """Return the style sheet of the fragments, palette included: all that JupyterLab needs."""
    return f"{css_properties()}\n{_sheet('fragments.css')}\n{_sheet('work.css')}"


def portfolio_css() -> str:
    """Return what the portfolio adds to :func:`fragment_css`: shades, bars and dots inside the cells of its tables."""
    return _sheet("portfolio.css")


@cache
def _sheet(name: str) -> str:
    text = (templates_dir() / "report" / name).read_text(encoding="utf-8")
    # The notes in it are for whoever changes it, not for every page.
    return re.sub(r"/\*.*?\*/\s*", "", text, flags=re.DOTALL)


def css_properties() -> str:
    """Return the declarations that give every name its value, in each theme.

    The reader's system decides, JupyterLab's theme overrules it inside JupyterLab, and paper is always light.
    """
    light, dark = _declarations("light"), _declarations("dark")
    fonts = f"--ak-sans:{SANS};--ak-serif:{SERIF};--ak-mono:{MONO}"
    return "\n".join(
        (
            f":root{{color-scheme:light dark;{fonts};{light}}}",
            f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}",
            f"body[data-jp-theme-light=true]{{color-scheme:light;{light}}}",
            f"body[data-jp-theme-light=false]{{color-scheme:dark;{dark}}}",
            f"@media print{{:root,body,body[data-jp-theme-light]{{color-scheme:light;{light}}}}}",
        )
    )


def _declarations(theme: Theme) -> str:
    return ";".join(f"--ak-{role}:{colour}" for role, colour in PALETTE[theme].items())


def vega_config() -> dict[str, Any]:
    """Return the Vega-Lite configuration that every chart is drawn with.

    The loader in the page applies it; a specification that carries a ``config`` of its own loses it.
    """
    # fmt: off
    return {
        "font": SANS,
        "background": "transparent",
        "padding": 0,
        # The figure carries its own text alternative; hundreds of labelled marks would only be noise to a listener.
        "aria": False,
        "view": {"stroke": None, "continuousWidth": 360, "continuousHeight": 220, "discreteHeight": {"step": 26}},
        "axis": {
            "labelColor": MUTED, "labelFontSize": 12, "labelPadding": 6, "labelLimit": 220,
            "titleColor": MUTED, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 8,
            "domainColor": RULE, "tickColor": RULE, "tickSize": 4, "gridColor": _name("grid"),
        },
        "axisQuantitative": {"domain": False, "ticks": False, "tickCount": 5},
        "axisBand": {"grid": False, "ticks": False, "labelColor": INK},
        "axisPoint": {"grid": False, "ticks": False, "labelColor": INK},
        # Words, not upright letters turned on their side.
        "axisX": {"labelAngle": 0},
        "legend": {
            "labelColor": INK, "labelFontSize": 12, "titleColor": MUTED, "titleFontSize": 12,
            "titleFontWeight": "normal", "orient": "top", "direction": "horizontal", "offset": 10,
            "symbolType": "square", "symbolBaseFillColor": MUTED, "symbolBaseStrokeColor": MUTED,
        },
        "header": {
            "labelColor": INK, "labelFontSize": 12, "labelFontWeight": "bold", "titleColor": MUTED,
            "titleFontSize": 12, "titleFontWeight": "normal",
        },
        "title": {"color": INK, "fontSize": 13, "fontWeight": 600, "anchor": "start", "subtitleColor": MUTED},
        "mark": {"color": ACCENT},
        "bar": {"color": ACCENT, "cornerRadiusEnd": 1.5},
        "rect": {"color": ACCENT},
        "point": {"color": ACCENT, "filled": True, "size": 90, "opacity": 1},
        "circle": {"color": ACCENT, "size": 90, "opacity": 1},
        "line": {"color": ACCENT, "strokeWidth": 2, "strokeJoin": "round", "strokeCap": "round"},
        "trail": {"color": ACCENT},
        "area": {"color": ACCENT, "fillOpacity": 0.25},
        "tick": {"color": INK, "thickness": 2},
        "rule": {"color": MUTED},
        "text": {"color": INK, "fontSize": 12},
        "range": {
            "category": list(CATEGORIES),
            "ordinal": list(LEVELS),
            # Interpolated scales need real colours: one mid-tone, from faint to full, reads on both papers.
            "ramp": ["rgba(38,124,149,.12)", "rgba(38,124,149,1)"],
            "heatmap": ["rgba(38,124,149,.12)", "rgba(38,124,149,1)"],
            "diverging": ["rgba(191,112,48,1)", "rgba(128,128,128,.15)", "rgba(38,124,149,1)"],
        },
        "style": _mark_styles(),
    }
    # fmt: on


def narrow_config() -> dict[str, Any]:
    """Return what the loader changes in :func:`vega_config` for a drawing narrower than ``NARROW`` pixels (a phone)."""
    return {"legend": {"columns": 2, "labelLimit": 130}, "axis": {"labelLimit": 130}}


def _mark_styles() -> dict[str, dict[str, Any]]:
    # ``color`` and not ``fill``: Vega-Lite looks the filling up as the mark's colour and overrules a style's ``fill``.
    hollow = {"color": PAPER, "filled": True, "strokeWidth": 2}
    return {
        EMPHASIS: {"color": ACCENT},
        CONTEXT: {"color": CONTEXT_COLOUR},
        ATTENTION: {"color": ALARM},
        ABSENT: {**hollow, "color": "transparent", "stroke": CONTEXT_COLOUR, "strokeWidth": 1.25, "strokeDash": [3, 3]},
        BEFORE: {**hollow, "stroke": CONTEXT_COLOUR, "size": 70},
        INTERVAL: {"color": INTERVAL_COLOUR, "strokeWidth": 6, "strokeCap": "round"},
        WHISKER: {"color": INK, "strokeWidth": 1.5},
        TARGET: {"color": ALARM, "strokeWidth": 1.5, "strokeDash": [5, 4]},
        LABEL: {"color": INK, "fontSize": 12, "align": "left", "baseline": "middle", "dx": 6},
        NUMBER: {"color": INK, "fontSize": 13, "fontWeight": 600, "align": "left", "baseline": "middle", "dx": 6},
        NOTE: {"color": MUTED, "fontSize": 11, "align": "left", "baseline": "middle", "dx": 6},
        REVERSED: {"color": PAPER, "fontSize": 12, "fontWeight": 600, "baseline": "middle"},
        MEASURED: {"color": ACCENT, "stroke": ACCENT, "filled": True, "strokeWidth": 2},
        ESTIMATED: {**hollow, "stroke": ACCENT},
        GUESS: {**hollow, "stroke": ACCENT, "strokeDash": [2, 2]},
        PICKED: {"color": _name("accent-soft"), "strokeWidth": 0},
    }
