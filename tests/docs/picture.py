# SPDX-License-Identifier: GPL-3.0-or-later
"""README's picture: what a deploy reports while an alarm turns it back. ``python -m tests.docs.picture``"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from tests.playing import started
from tests.sample import SERVICE, Sample

PICTURE = Path("docs/pictures/deploy.svg")
RELEASE = "1.2.0-bad"
RATE = 300  # requests per second
COLUMNS = 112
COMMAND = f"$ ansible-playbook switchyard.bluegreen.deploy -i services.yml -e bluegreen_release={RELEASE}"


def main() -> int:
    with LabProcess(speed=20, latency_ms=20, propagation_ms=2000) as lab:
        sample = Sample(lab, run=started)
        with BackgroundLoad(sample.url, RATE):
            played = sample.open("deploy", bluegreen_release=RELEASE)
    lines = [line for line in played.stderr.splitlines() if line.startswith(f"{SERVICE}: ")]
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(drawn(lines), encoding="utf-8")
    return 0 if played.outcomes[SERVICE]["end_state"] == "rolled_back" else 1


def drawn(lines: list[str]) -> str:
    """A terminal with these lines, as SVG that needs no font from the network."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text(COMMAND, "bold green"))
    for line in lines:
        console.print(Text(line, style_of(line)))
    picture = console.export_svg(title="a release that an alarm rolls back", theme=MONOKAI, unique_id="deploy")
    return re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)


def style_of(line: str) -> str:
    if "ALARM" in line:
        return "bold red"
    return "white" if re.match(rf"{SERVICE}: \d+/\d+ ", line) else "bold yellow"


if __name__ == "__main__":
    sys.exit(main())
