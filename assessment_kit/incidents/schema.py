"""What a tidy incident holds: the columns of the normal form, with types and units."""

from __future__ import annotations

from collections.abc import Mapping

#: A field that is filled in fewer incidents than this share was never kept: "not recorded", not "0 %".
RECORDED = 0.05
#: The same for links to a problem, a change or a defect: most incidents rightly have none.
RECORDED_LINKS = 0.005

#: The columns of a tidy frame. Times are ``datetime64[us]`` without a zone, all on the clock that the decisions name.
#: Every column is always there; what the export does not tell is missing throughout, and :attr:`Tidy.absent` says why.
SCHEMA: Mapping[str, str] = {
    "id": "str; the ticket's number, or its row where the export has none",
    "team": "category; missing where the ticket has none",
    "started": "time the impact began; NaT where nobody noted it",
    "detected": "time somebody or something noticed; NaT where nobody noted it",
    "opened": "time the incident was opened (event log: its first event; alerts: the first signal that it is down)",
    "acknowledged": "time somebody took it up (event log: the first event after its opening that says so); NaT where "
    "nobody did",
    "resolved": "time service was restored (event log: the first event that ends it; alerts: the first signal that it "
    "is up again); NaT while open. A time that stands there although the ticket is open is kept, and used for nothing",
    "closed": "time the ticket was closed; NaT where it is not",
    "ended": "last sign of life: the later of resolved and closed (event log: the last event); NaT while open, or "
    "where nobody noted it",
    "priority": "ordered category P1..P5; missing where nothing is understood",
    "type": "category; the type of incident in the export's words",
    "item": "category; the affected item in the export's words",
    "source": "category; the alert source, service, monitor or channel that raised it, in the export's words",
    "level": "category; the support line that holds it (event log: that of its last event), in the export's words",
    "linked": "category problem, change or defect: it depends on engineers; missing where no such link is set",
    "reassignments": "float, count; NaN where not recorded (event log: changes of team between two events)",
    "escalated": "float, count of moves to a higher support line; NaN where not recorded",
    "reopened": "float, 1 when the ticket was reopened, else 0; NaN where not recorded",
    "made_sla": "float, 1 when the ticket met its SLA, else 0; NaN where not recorded",
    "auto_resolved": "float, 1 when a system ended it without a person, else 0; NaN where not recorded",
    "alerts": "float, count of signals folded into this incident, at least 1; NaN where not recorded",
    "repeated_while_open": "float, count of those signals that came while it was open already; NaN where not recorded",
    "description": "str; the short description as written. Transient: it finds repeats, and is never stored",
    "caller": "category; who reported it. Transient: it masks names, and is never stored",
    "assignee": "category; who works on it. Transient: it masks names, and is never stored",
    "kind": "category; incident, maintenance, change, request, problem, test or cancelled",
    "is_open": "bool; it is open still: by the words of its state where they are known, else where it has no time of "
    "its end",
    "rows": "int; rows of the export that tell of this ticket",
    "out_of_order": "bool; its times contradict each other, so they are left out of the durations that they bound",
    "detect_minutes": "float, minutes from started to detected, or to opened where that is not recorded; NaN where one "
    "of them is missing, or out of order",
    "ack_minutes": "float, minutes from opened to acknowledged; NaN where nobody took it up, or out of order",
    "restore_minutes": "float, minutes from opened to restored; NaN while open or out of order",
}

#: Columns by how they are read. What is transient never leaves the import: not into a document, not into a report.
TIME_COLUMNS = ("started", "detected", "acknowledged", "resolved", "closed")
WORD_COLUMNS = ("team", "type", "item", "source", "level", "description", "caller", "assignee")
COUNT_COLUMNS = ("reassignments", "escalated", "alerts", "repeated_while_open")
DERIVED = ("kind", "is_open", "out_of_order", "detect_minutes", "ack_minutes", "restore_minutes")
FLAG_COLUMNS = ("reopened", "made_sla", "auto_resolved")
TRANSIENT_COLUMNS = ("description", "caller", "assignee")
#: Categories of the column ``linked``; a ticket with several links takes the first of them.
LINKS = ("defect", "problem", "change")
