"""Make a workspace of any number of fictional teams: the same number and seed give the same bytes.

Run as ``python benchmarks/teams.py NUMBER FOLDER [--seed SEED]``; from Python, :func:`write_teams`. Every team depends
on its own number and the seed only, so that the first ten of a thousand are the ten of ten.

The teams differ as real ones do: most answer nearly everything, some only the core questions, a few hardly anything or
"don't know" throughout; a third was assessed twice; tasks, causes and owners come from short lists and in several
wordings, so that teams have things in common. Every document passes ``assessment-kit check``.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assessment_kit.document import Document, to_json
from assessment_kit.guide import Column, Guide, Question
from assessment_kit.guide_file import load_guide
from assessment_kit.slugs import slug

#: The day by which every assessment was made.
LAST_DAY = date(2026, 11, 20)

_AREAS = (
    "Card payments|Instant transfers|Direct debits|Statements|Settlement|Treasury|Trading desk|Market data|Mortgages|"
    "Leasing|Claims|Policies|Underwriting|Fraud checks|Customer files|Identity|Access rights|Web shop|Search|Catalogue|"
    "Price files|Warehouse|Delivery|Returns|Store tills|Label printers|Loyalty|Booking|Check-in|Crew planning|Baggage|"
    "Fleet|Metering|Billing|Collections|Ledger|Payroll|Time sheets|Recruiting|Intranet|Mail|Telephony|Network|Storage|"
    "Backups|Databases|Data warehouse|Reports|Batch|Integration|Mobile app|Push messages|Maps|Video|Certificates|Labs"
).split("|")
_KINDS = "support|operations|service desk|platform|run|night desk|core|field desk|back office|second line".split("|")
_REGIONS = "north|south|east|west|central|overseas".split("|")

#: Tasks that many teams have, each in the wordings that people use for it.
_TASKS = (
    (
        "Restart the stuck import",
        "Restart stuck imports",
        "restart the import that is stuck",
        "Restarting stuck import",
    ),
    ("Unlock user accounts", "unlock accounts of users", "Unlock user account", "Unlocking user accounts"),
    ("Morning health checks", "morning health check", "Health checks in the morning"),
    (
        "Rerun failed batch jobs",
        "Re-run failed batch jobs",
        "rerun the failed batch job",
        "Rerun batch jobs that failed",
    ),
    ("Renew certificates", "Renewing certificates", "renew a certificate"),
    ("Clear the dead-letter queue", "Clear dead letter queues", "clear dead-letter queue by hand"),
    ("Free disk space", "free up disk space", "Freeing disk space"),
    ("Reset passwords", "Reset a password", "password reset"),
    ("Reconcile settlement files", "reconcile the settlement file", "Reconciling settlement files"),
    ("Answer “where is my order”", "Answer: where is my order?", "answer where is my order"),
    ("Grant access rights by e-mail", "Grant access rights asked for by e-mail", "granting access rights (e-mail)"),
    ("Add capacity before a campaign", "Adding capacity before campaigns"),
    ("Copy log files to the vendor", "Copy logs files to the vendor", "copying log files to vendor"),
    ("Fill in the release checklist", "Fill in release checklists", "fill the release checklist in"),
)
_REPEATS = (
    "Queue is stuck after maintenance|Certificate expires|Disk full at month end|"
    "Login rejects old links after a release|File arrives late and blocks the chain|"
    "Connections run out on Monday|Scheduler misses a holiday|"
    "Cache serves old prices|Sync skips records|Locks between report and load"
).split("|")
_ACTIONS = (
    "Write the runbook for the most frequent incident|Automate the restart|Weekly review of alerts with SRE|"
    "Name one owner for each service|Count alerts for one month|Move scripts into the repository|"
    "Agree on a rule for fixes of repeats|Self-service for unlocking accounts|Load test with Monday's traffic|"
    "Alert when a file is late"
).split("|")
_OWNERS = (
    "Amara Nwosu|Piet de Groot|Priya Raman|Jonas Lindqvist|Léa Tremblay|Kwame Boateng|Henrike Vos|Samir Haddad|"
    "Ingrid Solheim|Tomás Pereira|Zoë Łukasiewicz-Nuñez|Yusuf Demir|Catarina Lopes|Marta Kowalczyk|Release manager|"
    "Shift lead"
).split("|")
_WORDS = (
    "after the weekend load|two days after a release|from memory, before the export was opened|"
    "known to two people only|message broker|partner gateway|ticket export, three months|"
    "the on-call log|nobody counts it|waits for an account|"
    "mostly at month end|the script is on one laptop|dashboard of the platform team|since the move of the data centre"
).split("|")


def team_name(number: int) -> str:
    """Return the name of a team; the first few thousand numbers differ in words, all differ."""
    areas, kinds = len(_AREAS), len(_KINDS)
    # Step through the areas first: neighbours in number are not neighbours in the alphabet.
    area, kind, rest = _AREAS[(number * 23) % areas], _KINDS[(number // areas) % kinds], number // (areas * kinds)
    region = f" {_REGIONS[rest % len(_REGIONS)]}" if rest else ""
    return f"{area} {kind}{region}{f' {rest}' if rest > len(_REGIONS) else ''}"


def documents(number: int, seed: int, guide: Guide) -> list[Document]:
    """Return the documents of one team, the earlier one first."""
    rng = random.Random(f"{seed}/{number}")
    # Shares of a hundred teams; the rest is a team that answers nearly everything.
    kind = rng.choices(["full", "core", "sparse", "unknown", "large", "empty"], [66, 16, 8, 4, 4, 2])[0]
    size = rng.lognormvariate(0, 0.5)
    day = LAST_DAY - timedelta(days=rng.randrange(120))
    current = _Team(rng, guide, kind, size).document(team_name(number), day)
    if rng.random() > 0.33 or kind in ("empty", "unknown"):
        return [current]
    earlier = _Team(rng, guide, kind, size * rng.uniform(0.9, 1.5), before=current)
    return [earlier.document(current.team, day - timedelta(days=rng.randrange(120, 260))), current]


def write_teams(folder: Path, number: int, *, seed: int = 1, guide: Guide | None = None) -> list[Path]:
    """Write the documents of some teams into a workspace, and return their paths.

    Parameters
    ----------
    folder
        The workspace; created. Documents of other teams in it stay.
    number
        How many teams.
    seed
        Another seed gives other answers to the same teams.
    guide
        The guide they are filled in under; the built-in one when None.
    """
    rules = guide or load_guide()
    order = list(rules.questions)
    written = []
    for place in range(number):
        for document in documents(place, seed, rules):
            path = folder / slug(document.team) / f"{document.date}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(to_json(document, order), encoding="utf-8")
            written.append(path)
    return written


class _Team:
    """One team's way of answering."""

    def __init__(
        self, rng: random.Random, guide: Guide, kind: str, size: float, before: Document | None = None
    ) -> None:
        self.rng, self.guide, self.kind, self.size, self.after = rng, guide, kind, size, before
        self.people = max(2, round(7 * size))
        self.skill = rng.random()
        self.first = date(2026, 8, 1)
        self.day = LAST_DAY

    def document(self, team: str, day: date) -> Document:
        self.day = day
        answers: dict[str, Any] = {}
        for question in self.guide.questions.values():
            answer = self.answer(question)
            if answer is not None:
                answers[question.id] = answer
        return Document.model_validate(
            {
                "schema": 1,
                "guide": {"id": self.guide.id, "version": self.guide.version},
                "team": team,
                "date": day.isoformat(),
                "answers": answers,
            }
        )

    def answer(self, question: Question) -> dict[str, Any] | None:
        rng, kind = self.rng, self.kind
        if kind == "empty" or (kind == "core" and not question.core) or (kind == "sparse" and rng.random() < 0.75):
            return None
        said = rng.random()
        if kind == "unknown" or said < 0.04:
            return {"status": "unknown"}
        if said < 0.07 and not question.core:
            return {"status": "not_applicable", "reason": rng.choice(_WORDS)}
        if said < 0.08 and not question.core:
            return {"status": "declined"}
        if said < 0.12 and not question.core:
            return None
        answer: dict[str, Any] = {"status": "answered", "value": self.value(question)}
        if question.type in ("number", "rate", "percent", "duration", "choice", "table"):
            answer["basis"] = rng.choices(["measured", "estimated", "guess"], [30, 55, 15])[0]
        if rng.random() < 0.15:
            answer["note"] = rng.choice(_WORDS)
        if answer.get("basis") == "measured" and rng.random() < 0.5:
            answer["source"] = rng.choice(_WORDS)
        return answer

    def value(self, question: Question) -> Any:
        made: Callable[[], Any] | None = {
            "team-size": lambda: self.people,
            "hours-per-person": lambda: self.rng.randrange(118, 146),
            "shifts-per-week": lambda: self.rng.choice([5, 7, 10, 14]),
            "facilitator": lambda: f"{self.rng.choice(_OWNERS)}, SRE lead",
            "participants": lambda: self.rng.sample(_OWNERS, 4),
            "period-start": (self.day - timedelta(days=100)).isoformat,
            "period-end": (self.day - timedelta(days=10)).isoformat,
            "incident-volume": lambda: {"amount": round(self.rng.lognormvariate(2.8, 0.5) * self.size), "per": "week"},
            "p1-p2-volume": lambda: {"amount": self.rng.randrange(1, 8), "per": "month"},
            "responders": lambda: self.rng.choice([1, 1, 1.5, 2]),
            "hands-on-time": lambda: self.rng.choice(["20 min", "35 min", "50 min", "1h 20m"]),
            "escalation-time": lambda: self.rng.choice(["15 min", "30 min", "45 min"]),
            "alert-triage-time": lambda: self.rng.choice(["2 min", "4 min", "6 min"]),
            "repeat-share": lambda: self.better(60, 10),
            "firefighting-share": lambda: self.better(85, 25),
            "actionable-alerts": lambda: self.better(10, 80),
            "toil-tasks": self.tasks,
            "repeat-incidents": self.repeats,
            "action-items": self.actions,
            "code-change-share": lambda: self.rng.randrange(5, 30),
            "config-change-share": lambda: self.rng.randrange(5, 30),
            "architecture-share": lambda: self.rng.randrange(0, 12),
            "application-share": lambda: self.rng.randrange(20, 60),
            "infrastructure-share": lambda: self.rng.randrange(10, 40),
        }.get(question.id)
        return made() if made is not None else self.typed(question)

    def better(self, worst: float, best: float) -> int:
        """Return a share between the worst and the best, by how well the team works, and luck."""
        return round(worst + (best - worst) * min(1.0, max(0.0, self.skill + self.rng.uniform(-0.2, 0.2))))

    def typed(self, question: Question | Column) -> Any:
        rng = self.rng
        if question.type == "number":
            return rng.randrange(int(question.constraint.min or 0), int(question.constraint.min or 0) + 40)
        if question.type == "percent":
            return self.better(5, 95)
        if question.type == "rate":
            return {"amount": rng.randrange(1, 60), "per": rng.choice(["week", "month"])}
        if question.type == "duration":
            return rng.choice(["4 min", "12 min", "25 min", "40 min", "1h 10m", "3h", "1 day"])
        if question.type == "choice":
            place = min(len(question.choices) - 1, int(self.better(0, 100) / 100 * len(question.choices)))
            return question.choices[place].id
        if question.type == "multi":
            some = [choice.id for choice in question.choices if choice.id != "none"]
            more = {"other": [rng.choice(_WORDS)]} if question.other and rng.random() < 0.1 else {}
            return {"chosen": rng.sample(some, min(3, len(some))), **more}
        if question.type == "tags":
            return rng.sample(_WORDS, 2)
        if question.type == "date":
            return (self.day + timedelta(days=60)).isoformat()
        if question.type == "table" and isinstance(question, Question):
            return [{c.id: self.typed(c) for c in question.columns} for _ in range(rng.randrange(1, 4))]
        return rng.choice(_WORDS)

    def tasks(self) -> list[dict[str, Any]]:
        rng = self.rng
        rows = []
        for wordings in rng.sample(_TASKS, rng.randrange(3, 8)):
            row: dict[str, Any] = {"task": rng.choice(wordings)}
            if rng.random() < 0.93:
                row["times"] = {"amount": max(1, round(rng.lognormvariate(2, 0.8) * self.size)), "per": "week"}
                row["each"] = rng.choice(["5 min", "10 min", "20 min", "35 min", "1h"])
            row["automatable"] = rng.choice(["yes", "yes", "partly", "no", "unsure"])
            if row["automatable"] in ("yes", "partly") and rng.random() < 0.7:
                row |= {"saves": rng.randrange(40, 95, 5), "effort_hours": rng.randrange(8, 160, 4)}
            rows.append(row)
        if self.kind == "large":
            own = [{"task": f"Look after feed {n}", "times": {"amount": 1, "per": "month"}} for n in range(150)]
            rows += [{**row, "each": "10 min"} for row in own]
        return rows

    def repeats(self) -> list[dict[str, Any]]:
        causes = next(c for c in self.guide.questions["repeat-incidents"].columns if c.id == "cause").choices
        return [
            {
                "what": what,
                "times": {"amount": self.rng.randrange(1, 12), "per": "month"},
                "hands_on": self.rng.choice(["20 min", "45 min", "1h 30m", "4h"]),
                "cause": self.rng.choice(causes).id,
                "fix_known": self.rng.choice(["yes", "partly", "no"]),
            }
            for what in self.rng.sample(_REPEATS, self.rng.randrange(1, 5))
        ]

    def actions(self) -> list[dict[str, Any]]:
        rng = self.rng
        later = self.after.answers.get("action-items") if self.after else None
        # What the next assessment still lists was promised in this one.
        kept = [dict(row) for row in (later.value or [])] if later is not None and later.status == "answered" else []
        rows = [{**row, "status": "open"} for row in kept[:2]]
        for what in rng.sample(_ACTIONS, rng.randrange(1, 5)):
            if any(row["what"] == what for row in rows):
                continue
            row: dict[str, Any] = {
                "what": what,
                "status": rng.choice(["open", "open", "in-progress", "done", "dropped"]),
            }
            if rng.random() < 0.85:
                row["owner"] = rng.choice(_OWNERS)
            if rng.random() < 0.85:
                row["due"] = (self.day + timedelta(days=rng.randrange(-20, 90))).isoformat()
            rows.append(row)
        return rows


def main(argv: Sequence[str] | None = None) -> int:
    """Write a workspace and print what it holds."""
    parser = argparse.ArgumentParser(description="Make a workspace of fictional teams.")
    parser.add_argument("number", type=int, nargs="?", default=100, help="how many teams")
    parser.add_argument("folder", type=Path, nargs="?", help="the workspace; without one they are made and thrown away")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as thrown_away:
        start = time.perf_counter()
        written = write_teams(arguments.folder or Path(thrown_away), arguments.number, seed=arguments.seed)
        seconds, size = time.perf_counter() - start, sum(path.stat().st_size for path in written)
    print(f"{arguments.number} teams, {len(written)} documents, {size / 1e6:.1f} MB, written in {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
