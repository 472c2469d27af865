# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group's tags say of its rolls, whenever the run that wrote them died."""

from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.history import Rolled

OLD, NEW = "ami-old", "ami-new"


def test_the_journal_is_what_the_group_leaves() -> None:
    assert Rolled("1.0", None, None).journal(OLD) == {
        "bluegreen:previous-image": OLD,
        "bluegreen:previous-release": "1.0",
        "bluegreen:release": "1.0",
    }
    assert Rolled(None, None, None).journal(OLD)["bluegreen:previous-release"] == OLD
    assert Rolled("1.0", OLD, "1.0").journal(OLD) == {}, "a run that died has written it"


def test_a_label_that_a_run_which_died_has_left_is_not_that_of_the_image_which_the_group_leaves_next() -> None:
    died = Rolled("1.0", OLD, "1.0", NEW)
    assert died.journal(NEW) == {
        "bluegreen:previous-image": NEW,
        "bluegreen:previous-release": NEW,
        "bluegreen:release": NEW,
    }
    rebuilt = Rolled("1.0", OLD, "1.0", NEW, verified=True)
    assert rebuilt.journal(NEW)["bluegreen:previous-release"] == "1.0", "a roll that was followed to its end gave it"


@pytest.mark.parametrize(
    ("rolled", "image", "release", "label"),
    [
        (Rolled("1.0", OLD, "1.0"), NEW, "2.0", "2.0"),
        (Rolled("2.0", OLD, "1.0"), NEW, "2.0", None),  # written already
        (Rolled("1.0", OLD, "1.0"), NEW, None, NEW),  # a name that was the old image's
        (Rolled("2.0", OLD, "1.0"), NEW, None, None),  # a name that somebody gave it
        (Rolled("1.0", OLD, "1.0", NEW, verified=True), NEW, None, None),  # it was rolled under that name
        (Rolled("1.0", None, None), OLD, None, None),  # it was deployed under that name
        (Rolled(None, None, None), NEW, None, None),  # without a tag, the image is the name
        (Rolled(None, OLD, OLD), NEW, NEW, None),
        (Rolled("2.0", OLD, "1.0"), OLD, "1.0", "1.0"),  # taken back
        (Rolled("1.0", OLD, "1.0"), OLD, "1.0", None),
    ],
)
def test_the_release_is_labeled_once(rolled: Rolled, image: str, release: str | None, label: str | None) -> None:
    assert rolled.label(image, release) == ({"bluegreen:release": label} if label else {})


@pytest.mark.parametrize(
    ("rolled", "left"),
    [
        (Rolled("2.0", OLD, "1.0", NEW, verified=True), Version(NEW, "2.0")),
        (Rolled("1.0", OLD, "1.0", NEW), Version(NEW, NEW)),  # the label is still that of what it had before
        (Rolled("2.0", OLD, "1.0", OLD), None),  # it is on its way back
        (Rolled(None, None, None), None),
    ],
)
def test_what_a_group_leaves_when_it_is_taken_back(rolled: Rolled, left: Version | None) -> None:
    assert rolled.left == left
