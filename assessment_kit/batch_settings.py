"""What all reports of a batch have in common, and what follows: what each is made of, and whether it is there."""

from __future__ import annotations

from dataclasses import dataclass, field

from assessment_kit.document_file import digest_of
from assessment_kit.fingerprints import code_digest, digest
from assessment_kit.guide import Guide
from assessment_kit.manifest import Before, Entry
from assessment_kit.orders import Limits, Order
from assessment_kit.places import Dated, Place
from assessment_kit.report import STATIC


@dataclass(frozen=True)
class BatchSettings:
    """What all reports of a batch have in common."""

    workspace: Place
    out: Place
    guide: Guide
    guide_path: str  # empty for the built-in one
    guide_name: str
    guide_bytes: bytes
    notebook_name: str
    notebook: bytes
    audience: str
    limits: Limits
    force: bool
    before: Before = field(default_factory=Before)
    sizes: dict[str, int] = field(default_factory=dict)

    def inputs(self, data: bytes, previous: bytes) -> str:
        """Return the fingerprint of a report."""
        common = (self.guide_name.encode(), self.guide_bytes, self.notebook, self.audience.encode())
        return digest((code_digest().encode(), *common, data, previous))

    def unchanged(self, dated: Dated, fingerprint: str) -> Entry | None:
        """Return the entry of a report that is there and would come out the same; None where it is to be made."""
        known = self.before.entries.get(dated.path)
        if known is None or self.force or not known.still_there(fingerprint, self.sizes):
            return None
        if not self.before.complete:
            for name, sha in known.files.items():
                data = self.out.read(name)
                if data is None or digest_of(data) != sha:
                    return None
        return known

    def order(self, dated: Dated, data: bytes, previous: bytes) -> Order:
        """Return what is to be executed for a report, with everything that it reads."""
        files = {dated.path: data}
        if dated.previous:
            files[dated.previous_path] = previous
        # Never a team's folder: those with a dot in front are no teams.
        guide = f".guide/{self.guide_name}" if self.guide_name == dated.team else self.guide_name
        if guide:
            files[guide] = self.guide_bytes
        parameters = {
            "document": dated.path,
            "previous": dated.previous_path,
            "guide": guide,
            "audience": self.audience,
        }
        return Order(self.notebook, self.notebook_name, parameters, files=files, environment=STATIC)
