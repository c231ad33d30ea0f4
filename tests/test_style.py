"""The palette can be read by every eye, in light and dark, and has one owner."""

from __future__ import annotations

import itertools
import json
import math
import re

import pytest

from assessment_kit import style

Colour = tuple[float, float, float]

#: Machado, Oliveira and Fernandes 2009, severity 1.0, in linear RGB.
SIGHT: dict[str, tuple[Colour, Colour, Colour]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def linear(colour: str) -> Colour:
    def channel(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(colour[at : at + 2]) for at in (1, 3, 5))
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(linear, (one, other)))
    return (high + 0.05) / (low + 0.05)


def oklab(colour: str, sight: str) -> Colour:
    seen = (sum(x * y for x, y in zip(row, linear(colour), strict=True)) for row in SIGHT[sight])
    r, g, b = (max(0.0, channel) for channel in seen)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_and_marks_be_seen(theme: style.Theme) -> None:
    palette = style.PALETTE[theme]
    for role, ground in itertools.product(("ink", "muted", "accent", "alarm"), ("paper", "surface")):
        assert contrast(palette[role], palette[ground]) >= 4.5, (role, ground)
    assert contrast(palette["alarm"], palette["alarm-soft"]) >= 4.5
    for role in ("context", "interval", *(f"category-{n}" for n in range(1, 7))):
        assert contrast(palette[role], palette["paper"]) >= 3, role
    for level in range(1, 6):
        assert contrast(palette[f"level-{level}"], palette[f"level-{level}-ink"]) >= 4.5, level


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_categories_and_levels_stay_apart_for_every_eye(theme: style.Theme, sight: str) -> None:
    for kind, number in (("category", 6), ("level", 5)):
        seen = [oklab(style.PALETTE[theme][f"{kind}-{n}"], sight) for n in range(1, number + 1)]
        # Four times the difference that is just noticed side by side.
        assert min(math.dist(one, other) for one, other in itertools.combinations(seen, 2)) > 0.08, kind


def test_every_colour_has_one_owner() -> None:
    assert style.PALETTE["light"].keys() == style.PALETTE["dark"].keys()
    known = {f"--ak-{role}" for role in (*style.PALETTE["light"], "sans", "serif", "mono")}
    sheets = style.page_css().removeprefix(style.css_properties())
    everything = sheets + json.dumps(style.vega_config())
    assert set(re.findall(r"--ak-[\w-]+", everything)) <= known
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", everything)


def test_the_style_sheet_asks_for_nothing() -> None:
    assert not re.search(r"url\(|@import|https?:", style.page_css())


def test_the_configuration_knows_every_mark_style() -> None:
    named = {value for name, value in vars(style).items() if name.isupper() and str(value).startswith("ak-")}
    assert named == style.vega_config()["style"].keys()
