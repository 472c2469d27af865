# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/messages.md has what the collection reports; `make messages` writes it."""

from __future__ import annotations

from tests.docs import messages

SOURCE = '''
"""A docstring that is as long as a message would be, and ends as one."""

LONG = "There is no image {} in this region, or this account may not use it."


def refuse(name):
    """Another docstring that is as long as a message, and ends as one."""
    short = "Too short."
    part = f", which {name} still needs, so that it is the end of a sentence."
    return f"Launch template {name} exists without the tag of the service. " f"Tag it, or delete {name}."
'''


def test_the_page_is_up_to_date() -> None:
    assert messages.page() == messages.PAGE.read_text(encoding="utf-8"), "Run make messages."


def test_whole_sentences_are_messages_with_a_mark_for_what_differs() -> None:
    assert list(messages.messages_of(SOURCE)) == [
        "There is no image {} in this region, or this account may not use it.",
        "Launch template … exists without the tag of the service. Tag it, or delete ….",
    ]
