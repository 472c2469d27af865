# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a release as a browser shows it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.page import PageRun, page

from tests.rolled_back import SERIES, rolled_back

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), "")
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not CHROMIUM, reason=f"there is no browser here: none of {', '.join(BROWSERS)} is installed"),
]
LONG = "a-service-with-a-name-that-no-line-of-a-phone-has-room-for-" * 4
RECORD = rolled_back()
PAGE = page([PageRun(RECORD, SERIES), PageRun(replace(RECORD, service=LONG, message=LONG), SERIES)])
# A page in a frame of a phone's width; its own width then stands in the title.
PHONE = """<iframe id="phone" style="width: 360px; height: 800px; border: 0" srcdoc="{page}"></iframe>
<script>onload = () => {{ document.title = `width ${{phone.contentDocument.documentElement.scrollWidth}}` }}</script>"""


def browse(file: Path, text: str, *options: str) -> tuple[str, list[str]]:
    """The document when it is loaded, and what the browser's console says."""
    file.write_text(text, encoding="utf-8")
    headless = [
        "--headless",
        "--hide-scrollbars",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--virtual-time-budget=3000",
    ]
    command = [CHROMIUM, *headless, *options, f"--user-data-dir={file.parent}", "--dump-dom", file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def test_the_console_stays_empty(tmp_path: Path) -> None:
    document, console = browse(tmp_path / "page.html", PAGE)
    assert "Rolled back" in document
    assert console == []
    _document, heard = browse(tmp_path / "page.html", PAGE.replace("<body>", "<body><script>alert(1)</script>"))
    assert len(heard) == 1  # the page forbids scripts, and this test would notice one


def test_a_phone_has_nothing_to_scroll_sideways(tmp_path: Path) -> None:
    document, _console = browse(tmp_path / "phone.html", PHONE.format(page=escape(PAGE)))
    assert re.findall(r"<title>(.*?)</title>", document)[0] == "width 360"
    wide = PAGE.replace("<article>", '<article><div style="width: 500px">wide</div>', 1)
    document, _console = browse(tmp_path / "phone.html", PHONE.format(page=escape(wide)))
    assert re.findall(r"<title>(.*?)</title>", document)[0] != "width 360"
