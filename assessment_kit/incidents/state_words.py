"""Words of a ticket's life in seven languages, and what a state means that is one of them or begins with one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from assessment_kit.incidents.formats import ENDED

#: Words of a ticket's life in their order; those of one group stand beside each other. At one and the same moment the
#: earlier of two comes first. What is none of them stands in the middle, and ends nothing. English, then German,
#: French, Spanish, Italian, Portuguese and Dutch; without accents, as states are compared.
_LIFE = (
    "scheduled, planned",
    "created, detected, logged, new, opened, registered, submitted, triggered, firing, received, raised, reported, "
    "neu, angelegt, erfasst, eroffnet, nouveau, nouvelle, cree, nuevo, nueva, nuovo, nuova, novo, nova, nieuw, "
    "aangemeld, geregistreerd",
    "open, backlog, queued, in queue, to do, triage, in triage, unassigned, waiting for support, not started, "
    "unresolved, not resolved, offen, ouvert, ouverte, a traiter, a faire, abierto, abierta, por hacer, aperto, "
    "aperta, da fare, aberto, aberta, a fazer, geopend, te doen",
    "assigned, dispatched, zugewiesen, assigne, attribue, affecte, asignado, asignada, assegnato, assegnata, "
    "atribuido, atribuida, toegewezen",
    "accepted, acknowledged, acked, angenommen, pris en charge, preso in carico",
    "investigating, under investigation, in analysis",
    "active, in progress, work in progress, wip, in work, working, doing, started, ongoing, processing, "
    "in review, under review, in bearbeitung, in arbeit, in klarung, in prufung, aktiv, begonnen, laufend, en cours, "
    "en traitement, en curso, en proceso, en progreso, en revision, in corso, in lavorazione, in elaborazione, "
    "in gestione, em andamento, em curso, em progresso, em atendimento, em analise, em tratamento, em execucao, "
    "in behandeling, in uitvoering, in onderzoek, lopend",
    "identified, mitigating, fixing",
    "awaiting, blocked, on hold, pending, paused, parked, stalled, snoozed, suppressed, suspended, waiting, "
    "wartend, wartet, warten, angehalten, zuruckgestellt, pausiert, ausstehend, unterbrochen, blockiert, en attente, "
    "en pause, suspendu, bloque, en espera, pendiente, suspendido, bloqueado, in attesa, in sospeso, sospeso, "
    "bloccato, em espera, aguardando, pendente, suspenso, in wacht, in de wacht, in afwachting, wachtend, wacht op, "
    "wachten, opgeschort, gepauzeerd",
    "escalated, eskaliert, escalade, escalado, geescaleerd",
    "reopened, reopen, wiedereroffnet, wiedereroeffnet, wieder geoffnet, erneut geoffnet, reouvert, reouverte, "
    "reabierto, reabierta, riaperto, riaperta, reaberto, reaberta, heropend",
    "monitoring, verifying, under observation, beobachtung, in beobachtung",
)  # fmt: skip
#: Words that end a ticket, beside those of every format.
_ENDED_TOO = (
    "complete, finished, verified, ended, cleared, post mortem, auto closed, auto resolved, automatically closed, "
    "automatically resolved, abgeschlossen, beendet, fertig, geloest, wiederhergestellt, fermee, close, cloture, "
    "cloturee, resolue, terminee, acheve, corrige, traite, cerrada, resuelta, solucionado, terminado, finalizado, "
    "finalizada, completado, concluido, chiusa, risolta, completato, concluso, terminato, fechada, resolvida, "
    "encerrada, concluida, afgesloten, afgehandeld, afgerond, voltooid, verholpen, gereed"
)  # fmt: skip
#: Of those, the ones after which nothing more comes.
_LAST = frozenset({"closed", "completed", "complete", "done", "postmortem", "7"})
_NUMBER_BEFORE = re.compile(r"^\d{1,2}\s*[-–:.)]\s*(?=\D)")


def _in_words(state: str) -> list[str]:
    """Return the words of a state without case, accents and signs: ``6 - Resolved`` and ``RESOLVED`` are one."""
    plain = unicodedata.normalize("NFKD", _NUMBER_BEFORE.sub("", state.strip()).casefold())
    return re.findall(r"[^\W_]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _joined(text: str) -> str:
    """Return a text as it is compared: ``InProgress`` and ``in_progress`` are one too."""
    return "".join(_in_words(text))


_RANK = {_joined(word): rank for rank, words in enumerate(_LIFE) for word in words.split(", ")}
#: The rank of a state that is no word of these, and the first rank of those that end a ticket.
MIDDLE, LATE = len(_LIFE), len(_LIFE) + 1
_OVER = {_joined(word): LATE + (word in _LAST) for word in (*ENDED, *_ENDED_TOO.split(", "))}
#: Planned work is not open before it begins.
_PLANNED = 0


def rank(state: str, ended: Collection[str]) -> int:
    """Return the place of a state in the life of a ticket, :data:`MIDDLE` where it is not understood.

    Parameters
    ----------
    ended
        The states that end a ticket in its format. A tool with few of its own has no others.
    """
    words = _in_words(state)
    over = _own(frozenset(ended))
    # "Closed - Pending" is closed, and "Waiting for support" more than waiting.
    for many in range(len(words), 0, -1):
        start = "".join(words[:many])
        if (found := over.get(start, _RANK.get(start))) is not None:
            return found
    return MIDDLE


def is_open(place: int) -> bool:
    """Tell whether a ticket at a place of its life is worked on, or waits for that."""
    return _PLANNED < place < MIDDLE


_KNOWN: dict[frozenset[str], Mapping[str, int]] = {}


def _own(ended: frozenset[str]) -> Mapping[str, int]:
    if ended not in _KNOWN:
        own = {_joined(word): LATE + (word in _LAST) for word in ended}
        _KNOWN[ended] = {**_OVER, **own} if ended >= ENDED else own
    return _KNOWN[ended]
