# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab refuses a moto that it was not written against."""

from __future__ import annotations

import moto
import pytest

from switchyard_lab.aws import touch_points


def test_the_installed_moto_is_the_right_one() -> None:
    touch_points.check_moto()


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moto, "__version__", "5.2.4")
    with pytest.raises(touch_points.WrongMotoError, match=r"5\.2\.5; this is 5\.2\.4"):
        touch_points.check_moto()


def test_a_part_that_moved_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        touch_points.TOUCH_POINTS, "moto.elbv2.models", ["ELBv2Backend.register_targets", "Gone.method"]
    )
    with pytest.raises(touch_points.WrongMotoError, match=r"has moved moto\.elbv2\.models:Gone\.method"):
        touch_points.check_moto()
