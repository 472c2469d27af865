# SPDX-License-Identifier: GPL-3.0-or-later
"""The style check finds words to avoid and long sentences where people read them, and leaves code and tables out."""

from __future__ import annotations

import pytest

from tests.docs.style.__main__ import findings
from tests.docs.style.texts import fragment, markdown, python, yaml_texts

LONG = " ".join(["word"] * 41)


def found(texts):
    return [(line, what.split(":")[0]) for text in texts for line, what in findings(text)]


@pytest.mark.parametrize(
    ("reader", "source", "line"),
    [
        (markdown, "# Title\n\nA run\ntells it.\n", 3),
        (markdown, "| a | tells |\n", 1),
        (yaml_texts, "options:\n  service:\n    description: It tells.\n", 3),
        (yaml_texts, "- name: Tell it\n", 1),
        (yaml_texts, "a: b\n# It tells.\n", 2),
        (fragment, "minor_changes:\n  - bake - tells it.\n", 2),
        (python, '"""It tells it to us."""\n', 1),
        (python, 'x = 1\ny = f"The module {x} tells it."\n', 2),
        (python, "x = 1  # it tells\n", 1),
        (python, 'DOCUMENTATION = r"""\nmodule: bake\nshort_description: Tell it\n"""\n', 3),
    ],
)
def test_a_word_to_avoid_is_found_with_its_line(reader, source, line):
    [(where, what)] = found(reader(source))

    assert where == line
    assert "tell" in what.lower()


def test_a_long_sentence_is_found():
    assert found(markdown(f"Short.\n\n{LONG}.\n")) == [(3, "a sentence of 41 words; 40 at most")]


@pytest.mark.parametrize(
    "source", [f"```\n{LONG} tells\n```\n", f"| {LONG} |\n", f"{LONG[:-5]}. Word.\n", "`tells` is code.\n", LONG[:-5]]
)
def test_code_tables_and_short_sentences_are_left_out(source):
    assert found(markdown(source)) == []
