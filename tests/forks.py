# SPDX-License-Identifier: GPL-3.0-or-later
"""The fork server of labs, which also has the collection's modules imported.

Nothing in it imports the controller's half of Ansible, for with that in the process a module's warnings would be shown
and not returned.
"""

from __future__ import annotations

from switchyard_lab.processes.forks import FORKS, PRELOAD

FORKS.set_forkserver_preload([*PRELOAD, "ansible_collections.switchyard.bluegreen.plugins.module_utils._module"])

__all__ = ["FORKS"]
