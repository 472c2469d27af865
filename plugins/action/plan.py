# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process, with the variables of the service read here, on the controller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.playbook.play import Play
from ansible.utils.helpers import pct_to_int

from ..module_utils._args.release.plan import PlanOptions
from ..module_utils._core.base.end_states import UNSUCCESSFUL
from ..module_utils._core.base.pace import begins_after
from ..module_utils._core.base.works import DEPLOY, TEARDOWN, WATCH
from ..module_utils._core.definition.finding import SERIAL, SERIAL_IN_INVENTORY
from ..module_utils._core.release.parts import WHOLE
from ..module_utils._ops.release.plan import plan
from ..plugin_utils._in_process import InProcess
from ..plugin_utils.definition import read_definition
from ..plugin_utils.hook_tasks import Around
from ..plugin_utils.planning import plan_inputs

FAILED = set(UNSUCCESSFUL)
OUTCOMES = ("release_outcome", "roll_outcome")  # the registers of the roles that release
WITHOUT_BATCHES = (TEARDOWN, WATCH)


class ActionModule(InProcess):
    spec, work = PlanOptions, staticmethod(plan)

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        if "definition" in self._task.args:
            return {}
        stages = self._templar.template(self._task.args.get("stages", WHOLE))
        work = DEPLOY if len(stages) > 1 else stages[0]
        values, findings = read_definition(variables, self._templar, Around.of(self._task, self._loader), work)
        play = self._task.get_play()
        if work not in WITHOUT_BATCHES and variables.get(SERIAL) not in (None, "") and not _reads(play, SERIAL):
            findings.append(SERIAL_IN_INVENTORY)
        batch, hosts = variables["ansible_play_batch"], variables["ansible_play_hosts_all"]
        # In a play of batches, none begins after one that failed.
        limit = values["max_failed"]
        if limit is None and has_batches(self._templar.template(play.serial), len(hosts)):
            limit = 0
        return {
            **plan_inputs(values, findings, work),
            "services": len(batch),
            "forks": variables.get("ansible_forks"),
            "begins_after": self._begins_after(work, batch, variables),
            "strategy": self._templar.template(play.strategy),
            # A service mostly has the name of its host; to look into every other host costs as much as hosts squared.
            "others": [host for host in hosts if host != variables["inventory_hostname"]],
            "failed": [] if limit is None else _failed(variables["hostvars"], _begun(hosts, batch, play.order)),
            "max_failed": limit,
        }

    @staticmethod
    def _begins_after(work: str, batch: Sequence[str], variables: Mapping[str, Any]) -> float:
        """A watch begins at once: it may have traffic to return."""
        host, forks = variables["inventory_hostname"], variables.get("ansible_forks") or len(batch)
        return 0.0 if work == WATCH or host not in batch else begins_after(batch.index(host), min(forks, len(batch)))


def has_batches(serial: Any, hosts: int) -> bool:
    """Whether the play runs in batches, by its keyword ``serial``. Hosts that have failed or ended say nothing of
    it: Ansible takes them out of each batch."""
    first = serial[0] if isinstance(serial, Sequence) and not isinstance(serial, str) and serial else serial
    return bool(first) and 0 < pct_to_int(first, hosts) < hosts


def _reads(play: Play, name: str) -> bool:
    """Whether keywords of the play can use the variable. Ansible evaluates them without a host, and so without the
    variables of the inventory (PlaybookExecutor.run)."""
    return name in play.get_variable_manager().get_vars(play=play)


def _begun(hosts: list[str], batch: list[str], order: str | None) -> list[str]:
    """The hosts of this batch and of those before it: Ansible takes batches from its hosts one after the other, unless
    the play has an ``order`` of its own."""
    if order not in (None, "inventory"):
        return hosts
    return hosts[: 1 + max(map(hosts.index, batch))]


def _failed(hostvars: Any, hosts: list[str]) -> list[str]:
    """The services of this run that were returned or halted. Ansible makes the variables of a host again for each look,
    which takes milliseconds, and longer with templates."""
    known = {host: hostvars.raw_get(host) for host in hosts}
    return [host for host, its in known.items() if {its.get(name, {}).get("end_state") for name in OUTCOMES} & FAILED]
