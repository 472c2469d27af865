# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test can ask for."""

from __future__ import annotations

import hypothesis

import tests.forks  # noqa: F401 (what labs are forked from is said before the first one starts)

# How long an example takes says more of the machine, which other tests share, than of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")
