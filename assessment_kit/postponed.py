"""A library that is loaded when it is first needed, because whoever imports it seldom uses it.

``jsonschema`` imports a grammar of international web addresses wherever that is installed, as it is with JupyterLab.
Compiling the grammar takes a second, a third of what a warm process needs to start, for a check that no notebook's
schema asks for. A stand-in takes its place until something does ask.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

GRAMMAR = "rfc3987_syntax"


class _StandIn(ModuleType):
    def is_valid_syntax(self, *arguments: Any, **named: Any) -> Any:
        """Load the library and ask it: what jsonschema imports by name, and calls later if ever."""
        return self._real().is_valid_syntax(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what the import system asks of any module
            raise AttributeError(name)
        return getattr(self._real(), name)

    def _real(self) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)


def postpone_grammar() -> None:
    """Have the grammar compiled by the first check of such an address; to be called before jsonschema is imported."""
    if GRAMMAR not in sys.modules and (spec := find_spec(GRAMMAR)) is not None:
        stand_in = _StandIn(GRAMMAR)
        stand_in.__spec__ = spec  # find_spec refuses a loaded module without one
        sys.modules[GRAMMAR] = stand_in
