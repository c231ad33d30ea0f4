"""Incidents that need others, beside the rest: how long the rest takes, and what waiting adds up to."""

from __future__ import annotations

from itertools import product as combinations_of

from assessment_kit.estimate import Estimate, weakest
from assessment_kit.formulas import hours_of, share_of
from assessment_kit.readings import Absent, Answers, Reading, absence, product
from assessment_kit.results import Evaluation, Metric

#: Elapsed, not worked: nobody of the team has to sit through it, so it is no person-hours.
ELAPSED = "hours elapsed a month"


def reading_of(metric: Metric) -> Reading:
    """Return a metric as a reading: its estimate, or why there is none."""
    if metric.estimate is not None:
        return metric.estimate
    return Absent(metric.missing or "unanswered", metric.reason)


def restore_time_of_the_rest(evaluation: Evaluation) -> Reading:
    """Return the mean time to restore, in minutes, of incidents that do not depend on engineering.

    The mean over all incidents is the mean of the two kinds, each by its share: all = e x engineering + (1 - e) x rest,
    so rest = (all - e x engineering) / (1 - e), with e from :func:`engineering_involved`. The ends are the smallest and
    the largest of all combinations of the ends (the formula is monotone in each of them), cut at zero.
    """
    every = reading_of(evaluation.metrics["time_to_restore"])
    engineering = reading_of(evaluation.metrics["engineering_time_to_restore"])
    share = engineering_involved(evaluation)
    absent = absence(every, engineering, share)
    if absent is not None:
        return absent
    assert isinstance(every, Estimate)
    assert isinstance(engineering, Estimate)
    assert isinstance(share, Estimate)
    if share.value >= 100:
        return Absent("not_applicable", "All incidents need an engineering fix: there are no others.")
    likely = _rest(every.value, engineering.value, share.value)
    if likely < 0:
        what = "Incidents with an engineering fix alone would take longer than all incidents together"
        return Absent("invalid", f"{what}: one of the two times, or how often it happens, does not fit.")
    # Where all of them may depend on engineering the formula has no end; the share is then taken as said.
    parts = (share.low, share.high) if share.high < 100 else (share.low, share.value)
    times = ((every.low, every.high), (engineering.low, engineering.high), parts)
    ends = [max(0.0, _rest(*combination)) for combination in combinations_of(*times)]
    basis = weakest([every.basis, engineering.basis, share.basis])
    return Estimate(likely, min(likely, *ends), max(likely, *ends), "minutes", basis)


def engineering_involved(evaluation: Evaluation) -> Reading:
    """Return the share of incidents in which developers or SREs had to change something, in percent.

    It is not the share of incidents that need a change to be solved for good: many of those are restored without it.
    """
    involved = reading_of(evaluation.metrics["engineering_involvements_per_month"])
    return share_of(
        involved, reading_of(evaluation.metrics["incidents_per_month"]), "Incidents with an engineering fix"
    )


def _rest(every: float, engineering: float, percent: float) -> float:
    share = percent / 100
    return (every - share * engineering) / (1 - share)


def waiting(evaluation: Evaluation, answers: Answers) -> Reading:
    """Return the hours a month in which escalated incidents wait for somebody to take over: escalations x wait."""
    return product(
        reading_of(evaluation.metrics["escalations_per_month"]), hours_of("escalation-wait", answers), unit=ELAPSED
    )


def incidents_of(evaluation: Evaluation, share: Reading) -> Reading:
    """Return how many incidents a month a share of them (in percent) is."""
    fraction = share if isinstance(share, Absent) else share.scaled(0.01, "share")
    return product(reading_of(evaluation.metrics["incidents_per_month"]), fraction, unit="incidents a month")
