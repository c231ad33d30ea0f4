"""Which columns of an export name people, told by what they are called. They serve to mask names.

Read in the seven languages in which months are read, with and without their accents.
"""

from __future__ import annotations

import re
from itertools import pairwise

from assessment_kit.incidents.word_shapes import spelt_out, typed


def _table(words: str) -> frozenset[str]:
    """Return words in the spellings in which they are compared: ü as u and as ue."""
    return frozenset(way for word in words.split() for way in (typed(word), spelt_out(word)))


#: Words of a column's name that say that people stand in it. Only the singular where the plural would be a count.
_PEOPLE = _table(
    # English
    "acknowledger agent agents analyst approver approvers assignee assignees author authors caller callers commander "
    "contact contacts creator employee engineer engineers manager managers oncall operator owner owners participants "
    "person reporter reporters requester requestor requesters resolver responder responders submitter technician user "
    "username users watcher watchers watchlist "
    # German
    "anforderer ansprechpartner antragsteller anwender auftraggeber autor bearbeiter benutzer benutzerid "
    "benutzerkennung beobachter besteller eigentümer eröffner ersteller genehmiger kontakt kontaktperson melder "
    "mitarbeiter nutzer sachbearbeiter techniker verantwortliche verantwortlicher "
    # French
    "appelant approbateur assignataire auteur bénéficiaire collaborateur créateur déclarant demandeur demandeuse "
    "émetteur employé interlocuteur intervenant observateur propriétaire rapporteur responsable technicien "
    "utilisateur utilisatrice "
    # Spanish
    "agente analista aprobador contacto creador empleado encargado informador informante llamante operador propietario "
    "solicitante técnico usuario "
    # Italian
    "approvatore assegnatario autore chiamante contatto creatore dipendente operatore proprietario referente "
    "responsabile richiedente segnalatore tecnico utente "
    # Portuguese
    "aprovador atendente colaborador contato criador funcionário proprietário relator requerente responsável "
    "utilizador "
    # Dutch
    "aanmelder aanvrager behandelaar beheerder contactpersoon eigenaar eindgebruiker gebruiker indiener medewerker "
    "oplosser technicus verantwoordelijke"
)
#: Who may be a firm, and is a person where a name or an address is asked for.
_CUSTOMERS = _table("client cliente customer klant kunde kunden")
#: What of somebody is shown; it says nothing about whether it is somebody.
_SHOWN = _table("address adresse display email full login mail naam name names nom nombre nome value wert")
_NAMES = _SHOWN - _table("login value wert")
#: What follows a name of people in a nested field.
_SHOWN_AS = re.compile(
    r"\.(?:summary|(?:display|full|first|last)?_?name|display_?value|value|e?mail|user_?name)$", re.IGNORECASE
)
#: Names that are glued to what they name: Benutzername, Klantnaam.
_GLUED = re.compile(r"(?<=..)(name|naam|email)$")
#: Two of them: ``on call``, ``watch list``, ``opened for``, ``assigned to``.
_PAIRS = frozenset({
    ("on", "call"), ("watch", "list"), ("opened", "for"), ("requested", "for"), ("assigned", "to"),
    ("incident", "lead"), ("first", "name"), ("last", "name"), ("full", "name"), ("family", "name"),
    ("given", "name"), ("sur", "name"), ("vor", "name"), ("nach", "name"), ("voor", "naam"), ("achter", "naam"),
})  # fmt: skip
#: What stands behind what was done and before who did it, whatever it was.
_BY = _table("by durch par por door")
#: The same of words that also mean "since", "on" or "at": with what was done.
_DONE = {
    "von": _table(
        "abgeschlossen aktualisiert angefordert angelegt aufgenommen beantragt bearbeitet behoben bestätigt erfasst "
        "erledigt eröffnet erstellt geändert gelöst gemeldet genehmigt geöffnet geschlossen quittiert übernommen"
    ),
    "da": _table(
        "aggiornato aperto approvato assegnato chiuso confermato creato inserito modificato registrato richiesto "
        "risolto segnalato"
    ),
    "an": _table("zugeordnet zugeteilt zugewiesen"),
    "aan": _table("toegekend toegewezen"),
    "a": _table(
        "affecté affectée assigné assignée attribué attribuée asignado asignada designado assegnato assegnata "
        "atribuído atribuída"
    ),
}
#: What is done by something rather than by somebody: ``caused_by`` is a change, ``duplicated_by`` a ticket.
_BY_THINGS = re.compile(
    "affected|afet|afect|agrup|ausgel|block|bloqu|caus|cloned|declench|desencad|dispar|dupli|geactiv|geblok|gegroe|"
    "gesort|getrof|group|grupp|impact|introduced|monitored|orden|order|provo|related|sort|superseded|triee?$|triggered|"
    "veroorz|verursacht"
)
#: What else such a column may hold than names: how many, when, which kind, or a group's.
_NO_NAMES = _table(
    "active at channel company count date department desk group groups hours impact kind level location method minutes "
    "number phone priority rate reason role seconds sla state status story team teams time title type url vip "
    "abteilung am anzahl art bereich datum firma gruppe kanal nummer ort priorität rolle standort stufe telefon titel "
    "typ uhrzeit zeit "
    "canal département équipe groupe heure lieu niveau numéro priorité rôle site société statut téléphone "
    "cantidad departamento empresa equipo estado fecha grupo hora medio método nivel número prioridad rol servicio "
    "teléfono tipo ubicación "
    "azienda canale data gruppo livello ora priorità reparto ruolo sede servizio squadra stato telefono "
    "cargo equipa equipe função local papel prioridade quantidade serviço telefone "
    "aantal afdeling bedrijf groep kanaal locatie prioriteit soort telefoon tijd"
)
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])|\d+")


def names_people(column: str) -> bool:
    """Tell whether people are in a column: ``closed_by``, ``Créé par``, ``caller_id.name``, ``resolvedByUserName``."""
    every = " ".join(_GLUED.sub(r" \1", word.casefold()) for word in _WORD.findall(typed(_SHOWN_AS.sub("", column))))
    words = every.replace("e mail", "email").split()
    whole, kinds = tuple(words), set(words)
    while len(words) > 1 and words[-1] in _SHOWN:
        words.pop()
    if len(words) > 1 and (words[-1] in _BY or words[-2] in _DONE.get(words[-1], ())):
        return not any(map(_BY_THINGS.match, kinds))
    if kinds & _NO_NAMES:
        return False
    if kinds & _PEOPLE or any(pair in _PAIRS for pair in pairwise(whole)):
        return True
    return bool(kinds & _CUSTOMERS) and bool(kinds & _NAMES or column.casefold().endswith((".name", ".email")))
