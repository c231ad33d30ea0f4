"""The forms of one conversation: made when they are shown, and kept at what the document says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assessment_kit.errors import AssessmentKitError
from assessment_kit.fields import needed_elsewhere, section_json
from assessment_kit.forms import Commit, Message, SectionForm
from assessment_kit.guide import Guide, Section
from assessment_kit.interview.agenda import Plan
from assessment_kit.interview.feedback import feedback
from assessment_kit.interview.previous import previous_answers
from assessment_kit.interview.session import Session
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation


class Forms:
    """One form for each section that is shown.

    Parameters
    ----------
    on_commit, on_message
        Called by the forms; what they raise is shown in the form.
    say
        Takes an error that belongs to no form.
    """

    def __init__(self, guide: Guide, on_commit: Commit, on_message: Message, say: Callable[[str], None]) -> None:
        self._guide = guide
        self._on_commit = on_commit
        self._on_message = on_message
        self._say = say
        self._forms: dict[str, SectionForm] = {}
        self._previous: dict[str, dict[str, Any]] = {}
        self._plan: Plan | None = None

    def __getitem__(self, section_id: str) -> SectionForm:
        """Return a form that is shown."""
        return self._forms[section_id]

    def __len__(self) -> int:
        """Return how many forms there are."""
        return len(self._forms)

    def begin(self, session: Session, plan: Plan) -> None:
        """Drop the forms of another document, and read what the team answered last time."""
        self.close()
        self._plan = plan
        try:
            earlier = session.earlier()
        except AssessmentKitError as error:
            self._say(f"The earlier assessment cannot be shown. {error}")
            earlier = None
        self._previous = previous_answers(earlier, self._guide) if earlier is not None else {}

    def form(self, section: Section, session: Session, answers: Answers, evaluation: Evaluation) -> SectionForm:
        """Return a section's form."""
        form = self._forms.get(section.id)
        if form is None:
            form = SectionForm(
                section=section_json(self._guide, section),
                answers=session.answers(section.id),
                elsewhere=session.some(needed_elsewhere(self._guide, section)),
                previous={q.id: self._previous[q.id] for q in section.questions if q.id in self._previous},
                collisions=session.collisions(section.id),
                minutes=self._minutes(section),
                feedback=feedback(session, answers, evaluation, section.id, {}),
                document=str(session.path),
            )
            form.on_commit(self._on_commit)
            form.on_message(self._on_message)
            self._forms[section.id] = form
        return form

    def follow(self, plan: Plan) -> None:
        """Show another plan."""
        self._plan = plan
        for section in self._guide.sections:
            if section.id in self._forms:
                self._forms[section.id].minutes = self._minutes(section)

    def tell(self, section_id: str, session: Session, answers: Answers, evaluation: Evaluation) -> None:
        """Bring a form up to the document, and tell it what became of its last answer."""
        form = self._forms.get(section_id)
        if form is not None:
            self._bring(form, section_id, session)
            form.feedback = feedback(session, answers, evaluation, section_id, form.seen)

    def bring(self, session: Session) -> None:
        """Bring all forms up to the document. To one that has everything already nothing is sent."""
        for section_id, form in self._forms.items():
            self._bring(form, section_id, session)

    def _bring(self, form: SectionForm, section_id: str, session: Session) -> None:
        section = next(section for section in self._guide.sections if section.id == section_id)
        form.answers = session.answers(section_id)
        form.elsewhere = session.some(needed_elsewhere(self._guide, section))
        form.collisions = session.collisions(section_id)

    def _minutes(self, section: Section) -> dict[str, Any]:
        part = self._plan.section(section.id) if self._plan is not None else None
        core_only = self._plan is not None and self._plan.core_only
        planned = {"planned": part.minutes, "questions": list(part.questions)} if part is not None else {"planned": 0}
        return {**planned, "core_only": core_only}

    def close(self) -> None:
        """Close the forms."""
        for form in self._forms.values():
            form.close()
        self._forms.clear()
