"""What moved since last time, in words: answers one by one, figures, promises and what became of them, findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from assessment_kit import wording
from assessment_kit.audience import LEFT_OUT, NAMED
from assessment_kit.changes import STILL, Changes, ItemChange, MetricChange, ScoreChange
from assessment_kit.pages.display import Table, table_fragment
from assessment_kit.pages.page_words import EMPTY, short_text, text, unbroken
from assessment_kit.pages.strips import strip
from assessment_kit.pages.tables_since import (
    comparable,
    difference_words,
    not_comparable,
    short_unit,
    shown,
    signed,
)
from assessment_kit.promises import OUTCOMES, Outcome, Promise
from assessment_kit.results import Action, Finding, ScoredItem
from assessment_kit.rounding import moved_by
from assessment_kit.scoring import HIGHEST, LOWEST

#: Findings that are named; more of them are counted.
MOST_FINDINGS = 12

#: What became of promises: of one, and of several at the beginning of a sentence.
OUTCOME_WORDS: dict[Outcome, str] = {
    "kept": "kept",
    "late": "late",
    "open": "not due yet",
    "again": "promised again",
    "dropped": "dropped",
    "ask": "to ask about",
    "unnamed": "not named any more",
}
_ATTENTION: frozenset[Outcome] = frozenset({"late", "unnamed"})


def anchor(section_id: str) -> str:
    """Return the id of the list of answers behind a section's change."""
    return f"since-{section_id}"


def answers_moved(changes: Changes) -> Markup:
    """Return, for each section, the scored answers that moved, came or went."""
    parts = [_section(change) for change in changes.sections if change.items]
    return Markup('<div class="ak-reasons">\n{}\n</div>').format(Markup("\n").join(parts)) if parts else EMPTY


def _section(change: ScoreChange) -> Markup:
    moved = sorted(change.items, key=lambda item: (-abs(item.moved or 0.0), item.label))
    rows = [_item(item) for item in moved if item.moved is not None and abs(item.moved) >= STILL]
    rows += [_item(item) for item in moved if item.moved is None and (_level(item.before) or _level(item.now))]
    still = sum(item.moved is not None and abs(item.moved) < STILL for item in moved)
    never = sum(not (_level(item.before) or _level(item.now)) for item in moved)
    rest = [
        words
        for number, words in (
            (still, f"{wording.count(still, 'answer')} did not move"),
            (never, f"{wording.count(never, 'answer')} missing or out of place both times"),
        )
        if number
    ]
    whole = shown(change).change
    figure = "no change can be told" if whole is None else signed(whole)
    note = f"{_parts(change)} {wording.listed(rest)[:1].upper()}{wording.listed(rest)[1:]}{'.' if rest else ''}".strip()
    listing = Markup('<ul class="ak-list">\n{}\n</ul>\n').format(Markup("\n").join(rows)) if rows else EMPTY
    return Markup(
        '<details class="ak-numbers ak-reason" id="{}"><summary>{} <span class="ak-reason-figure"><strong>{}</strong>'
        '</span></summary>\n<p class="ak-note">{}</p>\n{}</details>'
    ).format(anchor(change.id), change.title, figure, note, listing)


def _parts(change: ScoreChange) -> str:
    """Return the parts of a change as a sentence."""
    if change.change is None:
        why = "now" if change.now is None else "then"
        told = f"There was no score {why}: not enough answers."
        if change.team is not None:
            both = wording.count(change.both, "answer")
            told += f" The {both} given both times moved by {signed(change.team)}{_span(change)}."
        return told
    parts, rounded = [], shown(change).parts
    team, coverage, guide = (rounded[part] for part in ("team", "coverage", "guide"))
    if team is not None:
        both = wording.count(change.both, "answer")
        parts.append(f"{signed(team)} from {both} given both times{_span(change)}")
    if coverage is not None and abs(coverage) >= STILL:
        parts.append(f"{signed(coverage)} from answers given only once")
    if guide is not None and abs(guide) >= STILL:
        parts.append(f"{signed(guide)} from the guide's own change")
    return f"{wording.listed(parts)}." if parts else "No answer was given both times."


def _span(change: ScoreChange) -> str:
    if change.team_low is None or change.team_high is None or change.team_low == change.team_high:
        return ""
    return f" (possible: {signed(change.team_low)} to {signed(change.team_high)})"


def _level(item: ScoredItem | None) -> bool:
    return item is not None and item.level is not None and item.applies


def _item(item: ItemChange) -> Markup:
    before, now = item.before, item.now
    was = f"{before.level:.1f}" if before is not None and before.level is not None and before.applies else "no answer"
    is_ = f"{now.level:.1f}" if now is not None and now.level is not None and now.applies else "no answer"
    drawn = EMPTY
    if now is not None and now.applies:
        last = before.level if before is not None and before.applies else None
        drawn = strip((LOWEST, HIGHEST), now.level, now.low, now.high, last=last)
    reasons = [
        Markup("{}: {}").format(when, text(found.reason))
        for when, found in (("Then", before), ("Now", now))
        if found is not None and found.reason
    ]
    figure = f"{was} → {is_}" if item.moved is None else f"{was} → {is_} ({signed(_moved(item))})"
    return Markup(
        '<li><div class="ak-reason-head"><strong>{}</strong> <span class="ak-reason-level">{}</span></div>{}\n'
        '<p class="ak-note">{}</p></li>'
    ).format(item.label, figure, drawn, Markup("<br>").join(reasons))


def _moved(item: ItemChange) -> float:
    assert item.before is not None and item.now is not None, "what moved was given both times"
    return moved_by(item.before.level or 0.0, item.now.level or 0.0)


def figures_moved(changes: Changes) -> Markup:
    """Return the figures that are known and defined alike on both days, and those that cannot be compared."""
    known = comparable(changes)
    parts = []
    if known:
        clear = sum(change.sure for change in known)
        table = Table(
            ("Figure", "Then", "Now", "Drawn", "Difference", "Beyond the intervals"),
            [_metric(change) for change in known],
            numeric=("Then", "Now", "Difference"),
        )
        parts.append(
            Markup(
                '<h3>{}</h3>\n<p class="ak-note">{}</p>\n{}'
            ).format(
                f"{clear} of {wording.count(len(known), 'figure')} moved further than their intervals"
                if clear
                else f"None of {wording.count(len(known), 'figure')} moved further than its interval",
                f"{_bare(known)}Figures known on both days and defined alike. Ring: then. Dot: now, with its interval; "
                "each line begins at zero. Where the basis changed, a figure may have moved only by another way of "
                "counting.",
                table_fragment(table),
            )
        )  # fmt: skip
    apart = not_comparable(changes)
    if apart:
        rows = [
            (change.label, _value(change, then=True), _value(change, then=False), change.reason) for change in apart
        ]
        parts.append(
            Markup('<details class="ak-numbers"><summary>{}</summary>{}</details>').format(
                f"{wording.count(len(apart), 'figure')} that cannot be compared",
                table_fragment(Table(("Figure", "Then", "Now", "Why"), rows, numeric=("Then", "Now"))),
            )
        )
    return Markup("\n").join(parts)


def _bare(known: Sequence[MetricChange]) -> str:
    """Return how many figures have no interval on one of the two days, where there are any."""
    bare = sum(change.bare for change in known)
    if not bare:
        return ""
    verb = "has" if bare == 1 else "have"
    return f"{bare} {verb} no interval on one of the days: it was measured from a number of cases that nobody named. "


def _metric(change: MetricChange) -> tuple[object, ...]:
    then, now = change.before.estimate, change.now.estimate
    assert then is not None and now is not None, "comparable() leaves out what is missing"
    highest = 100.0 if change.unit == "%" else max(then.value, now.high)
    drawn = Markup('<div class="ak-strip-cell">{}</div>').format(
        strip((0.0, highest), now.value, now.low, now.high, last=then.value)
    )
    basis = EMPTY
    if then.basis != now.basis:
        basis = Markup(' <span class="ak-note">({} → {})</span>').format(then.basis, now.basis)
    verdict = "no interval" if change.bare else "yes" if change.sure else "no"
    if change.better is not None and change.sure:
        verdict = "yes, better" if change.better else "yes, worse"
    return (
        Markup("{}{}").format(change.label, basis),
        _value(change, then=True),
        _value(change, then=False),
        drawn,
        difference_words(change),
        verdict,
    )


def _value(change: MetricChange, *, then: bool) -> object:
    """Return a figure with its interval below it, by which a reader can tell whether the two lie apart."""
    found = (change.before if then else change.now).estimate
    if found is None:
        return None
    unit = short_unit(change.unit)
    value, span = wording.amount_of(found.value, unit), wording.span_of(found, unit)
    if not span:
        return value
    return Markup('{}<br><span class="ak-note">{}</span>').format(value, unbroken(span))


def promises_kept(changes: Changes) -> Markup:
    """Return what was promised then and what became of it."""
    if not changes.promises:
        return Markup('<h3>Promises</h3>\n<p class="ak-note">{}</p>').format(
            "Nothing was promised last time that was still open."
        )
    counts = {outcome: sum(promise.outcome == outcome for promise in changes.promises) for outcome in OUTCOMES}
    told = wording.listed([f"{number} {OUTCOME_WORDS[outcome]}" for outcome, number in counts.items() if number])
    rows = [_promise(promise) for outcome in OUTCOMES for promise in changes.promises if promise.outcome == outcome]
    table = Table(("Promised then", "Owner", "Due then", "What became of it"), rows)
    return Markup('<h3>{}</h3>\n<p class="ak-note">{}</p>\n{}').format(
        f"Of {wording.count(len(rows), 'promise')}: {told}",
        "Action items and quick wins of last time, found again among today's by their words.",
        table_fragment(table),
    )


def _promise(promise: Promise) -> tuple[object, ...]:
    tag = "ak-tag ak-tag-attention" if promise.outcome in _ATTENTION else "ak-tag"
    became = [Markup('<span class="{}">{}</span>').format(tag, OUTCOME_WORDS[promise.outcome])]
    if promise.outcome == "ask" and promise.now is not None:
        became.append(Markup("perhaps {}").format(text(f"“{short_text(promise.now.what, 120)}”")))
    if promise.outcome in ("late", "open") and isinstance(promise.now, Action):
        became.append(escape(_when(promise)))
    if promise.now is not None and promise.now.why and promise.now.why != LEFT_OUT and promise.outcome != "ask":
        became.append(Markup('<br><span class="ak-note">{}</span>').format(text(promise.now.why)))
    kind = Markup(' <span class="ak-note">quick win</span>') if promise.kind == "quick-win" else EMPTY
    owner: object = "is named" if promise.owner == NAMED else text(promise.owner) if promise.owner else None
    due: object = Markup('<span class="ak-day">{}</span>').format(wording.day(promise.due)) if promise.due else None
    return Markup("{}{}").format(text(promise.what), kind), owner, due, Markup(" ").join(became)


def _when(promise: Promise) -> str:
    if promise.moved and promise.due_now is not None:
        return f"now due on {wording.day(promise.due_now)}"
    return "its day has passed" if promise.outcome == "late" else ""


def findings_moved(changes: Changes) -> Markup:
    """Return which findings are gone, which are new, and which stay."""
    groups = (
        ("Gone", changes.settled),
        ("New", changes.new),
        ("Seen for the first time: the answer was not given then", changes.first_seen),
        ("Not seen any more: the answer is not given now", changes.unseen),
        ("Still there", changes.staying),
    )
    rows = [(name, _titles(found)) for name, found in groups if found]
    if not rows:
        return EMPTY
    body = EMPTY.join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, titles) for name, titles in rows)
    counts = wording.listed(
        [f"{len(found)} {word}" for found, word in ((changes.settled, "gone"), (changes.new, "new")) if found]
    )
    title = f"Findings: {counts}" if counts else "Findings"
    return Markup('<h3>{}</h3>\n<dl class="ak-groups">{}</dl>').format(title, body)


def _titles(found: Sequence[Finding]) -> Markup:
    shown: Iterable[object] = [text(finding.title) for finding in found[:MOST_FINDINGS]]
    more = f"and {len(found) - MOST_FINDINGS} more" if len(found) > MOST_FINDINGS else ""
    lines = [Markup("<li>{}</li>").format(title) for title in [*shown, *([more] if more else [])]]
    return Markup("<ul>{}</ul>").format(EMPTY.join(lines))
