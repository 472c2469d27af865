# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML and SVG from elements. All text is escaped where it comes in, so that no name or message can be markup."""

from __future__ import annotations

from html import escape


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


VOID = {"link", "meta"}


def element(tag: str, *children: str | None, **attributes: str | float | bool | None) -> Markup:
    """``class_`` stands for class, and ``_`` for a hyphen. An attribute that is None or False is left out."""
    given = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in VOID:
        return Markup(f"<{tag}{given}>")
    return Markup(f"<{tag}{given}>{join(*children)}</{tag}>")


def join(*children: str | None) -> Markup:
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children if child))


def _attribute(name: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, float):
        value = f"{value:.2f}".rstrip("0").rstrip(".")
    key = name.removesuffix("_").replace("_", "-")
    return f' {key}="{escape(str(value))}"'
