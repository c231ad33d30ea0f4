"""Names of several words that are one: O'Connor as oconnor, van der Berg as vanderberg and vdberg."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: Words that begin a family name, as they are compared.
_PARTICLES = frozenset(
    "al am ap aus d da das de del della dem den der di do dos du el ibn im l la le les lo mac mc o st ten ter van ver "
    "vom von y zu zum zur".split()
)
#: Of letters that begin a word, so few say nothing.
_FEWEST = 5


def compounds(parts: Sequence[str]) -> Iterator[str]:
    """Yield each family name among the words of a name that begins with particles, written as one word."""
    for begin, part in enumerate(parts):
        end = begin
        while end < len(parts) and parts[end] in _PARTICLES:
            end += 1
        if part not in _PARTICLES or end == len(parts):
            continue
        initials = "".join(particle[0] for particle in parts[begin:end])
        for way in ("".join(parts[begin : end + 1]), initials + parts[end]):
            if len(way) >= _FEWEST:
                yield way
