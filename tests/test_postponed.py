"""A library that is seldom needed is loaded when it is, and does then what it always does."""

from __future__ import annotations

import subprocess
import sys

import pytest

GRAMMAR = "rfc3987_syntax"

SCRIPT = """
import sys
from importlib.util import find_spec
from assessment_kit.postponed import postpone_grammar
postpone_grammar()
import altair, jsonschema, nbformat
assert "lark" not in sys.modules and find_spec("rfc3987_syntax") is not None
checker = jsonschema.FormatChecker(["iri"])
print(checker.conforms("https://example.org/b\u00fccher", "iri"), checker.conforms("https://example.org/a b", "iri"))
assert "lark" in sys.modules
import rfc3987_syntax
assert rfc3987_syntax.__file__
"""


def test_the_grammar_of_addresses_is_compiled_by_the_first_check() -> None:
    pytest.importorskip(GRAMMAR)
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout.strip()) == ("", "True False")


def test_without_the_grammar_nothing_takes_its_place() -> None:
    script = f"""
import sys
from assessment_kit import postponed
postponed.GRAMMAR = "no_such_{GRAMMAR}"
postponed.postpone_grammar()
assert postponed.GRAMMAR not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
