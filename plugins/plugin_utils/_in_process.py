# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a piece of work inside the controller: no new interpreter, no import of boto3, no loading of service models.

The work is the module's own (``module_utils/_ops``), and so are its options. The module runs as usual for everything
that cannot be done here: on another host, with async, without botocore for Ansible's Python, and with an
``environment`` of the task or the play. It always does when ``bluegreen_in_process`` is false, for example because
another interpreter has to do the work.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from ..module_utils._args.base.notifying import Notifying
from ..module_utils._args.base.options import Options
from ..module_utils._aws.base.errors import PLAYBOOK
from ..module_utils._aws.base.session import HAS_BOTOCORE, warm
from ..module_utils._aws.base.written import Written
from ..module_utils._core.base.errors import BluegreenError
from ..module_utils._core.base.unforeseen import VERBOSE, UnforeseenError, as_ours
from ..module_utils._core.base.untagged import untagged
from ..module_utils._core.base.verdicts import FAIL
from ..module_utils._core.definition.values import is_unset
from ..module_utils._ops.base.parent import controller
from ..module_utils._work import Work, do
from .notify import notify_of
from .sign_in import sign_in

# To read EC2's model takes a tenth of a second. A rollback begins without it; a release needs it in every second task.
TO_RETURN = ("elbv2", "autoscaling")
TO_RELEASE = ("elbv2", "autoscaling", "cloudwatch", "ec2")


def may_run_here(said: Any) -> bool:
    """Whether ``bluegreen_in_process`` allows it. What is neither true nor false stops no rollback: a process of its
    own is always right."""
    return is_unset(said) or boolean(said, strict=False)


class InProcess(ActionBase):
    """``spec`` and ``work`` are those of the module that the action plugin stands for.

    Strategies load a task's action plugin in the parent, before they fork its worker: every worker from then on
    inherits the models of the services that are ``warmed``, and the types of the options.
    """

    spec: ClassVar[type[Options]]
    work: ClassVar[Work]
    warmed: ClassVar[tuple[str, ...]] = TO_RELEASE
    _supports_async = True

    def __init_subclass__(cls) -> None:
        cls.spec.argument_spec()
        if HAS_BOTOCORE and cls.spec.aws:
            warm(*cls.warmed)

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        try:
            return self._run(result, task_vars or {})
        except AnsibleError:
            raise
        except Exception as error:
            return result | _failed(as_ours(error))

    def _run(self, result: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        notify = notify_of(variables, self._templar, self._loader) if issubclass(self.spec, Notifying) else {}
        args = {**self.given(variables), **notify, **self._task.args, **self.revealed(variables)}
        self._task.args = {**args, **(sign_in(args, variables, self._templar) if self.spec.aws else {})}
        self._stage = untagged(self._templar.template(variables.get("release_stage"))) or {}
        if "number" in self._stage:
            result["stage"] = self._stage["number"]  # for who has to know what a task was doing when it failed
        if isinstance(lease := self._task.args.get("lease"), Mapping):
            self._task.args["lease"] = {"stage": self._part(), **lease}
        self._announce(variables, "opens", "")
        os.environ[PLAYBOOK] = self._playbook()  # of this task's worker
        done = result | self._do(variables)
        if not done.get("failed"):
            how = "failed" if done.get("verdict") == FAIL else done.get("msg", "done")
            self._announce(variables, "closes", f": {how}")
        return done

    def _do(self, variables: dict[str, Any]) -> dict[str, Any]:
        if self._has_environment() or not self._can_run_here(variables):
            done: dict[str, Any] = self._execute_module(task_vars=variables, wrap_async=bool(self._task.async_val))
            return done
        try:
            _checked, options = self.validate_argument_spec(self._full_spec(), **self.spec.rules)
        except (ValueError, OverflowError) as error:  # Python's, of a number that is too long for text or for a float
            return _failed(BluegreenError(f"Ansible cannot read the options: {error}."))
        options = untagged(options)
        try:
            return do(
                type(self).work,
                self.spec,
                options,
                check_mode=self._task.check_mode,
                report=self._report(variables),
                written=self._written(variables),
                turns=_notes() / "turns",
                controller=controller(),
            )
        except BluegreenError as error:
            return _failed(error)

    def _playbook(self) -> str:
        """The name of the playbook's file, such as ``deploy``. Empty for a task that is in no play, as in tests."""
        play = self._task.get_play() if self._task._parent else None
        return Path(play.get_path().rpartition(":")[0]).stem if play else ""

    def given(self, _variables: Mapping[str, Any]) -> dict[str, Any]:
        """Options that the controller knows, where the task does not give them."""
        return {}

    def revealed(self, _variables: Mapping[str, Any]) -> dict[str, Any]:
        """Options that the controller knows better than the task, which has them from a plan that conceals secrets."""
        return {}

    def _full_spec(self) -> dict[str, Any]:
        return (aws_argument_spec() if self.spec.aws else {}) | self.spec.argument_spec()

    def _has_environment(self) -> bool:
        """Whether ``environment`` of the task, or of what it is in, sets anything: only a process has one."""
        return any(self._templar.template(each) for each in self._task.environment or [])

    def _can_run_here(self, variables: Mapping[str, Any]) -> bool:
        return (
            (HAS_BOTOCORE or not self.spec.aws)
            and self._connection.transport == "local"
            and not self._task.async_val
            and may_run_here(self._templar.template(variables.get("bluegreen_in_process")))
        )

    @staticmethod
    def _written(variables: Mapping[str, Any]) -> Written:
        host = sha256(variables.get("inventory_hostname", "localhost").encode()).hexdigest()[:32]
        return Written(_notes() / host)

    def _report(self, variables: Mapping[str, Any]) -> Callable[[str], None]:
        host = variables.get("inventory_hostname", "localhost")
        return lambda sentence: Display().display(f"{host}: {sentence}", color="bright gray", stderr=True)

    def _part(self) -> dict[str, Any]:
        """What the task is part of, for the record of the run."""
        if "number" not in self._stage:
            return {"title": self._task.name}
        return {key: self._stage[key] for key in ("number", "of", "title")} | {"closes": self._is_at("closes")}

    def _is_at(self, edge: str) -> bool:
        return self._task.resolved_action == f"switchyard.bluegreen.{self._stage.get(edge)}"

    def _announce(self, variables: Mapping[str, Any], edge: str, how: str) -> None:
        """One line when a stage of a plan begins, and one when it has ended."""
        stage = self._stage
        if "number" in stage and self._is_at(edge):
            report = self._report(variables)
            report(f"{stage['number']}/{stage['of']} {stage['title']}{how}")
            if edge == "opens" and "hint" in stage:
                report(stage["hint"].format(**_places(variables)))


def _notes() -> Path:
    """A folder of ansible-playbook, the parent of each task's process, which removes it at its end."""
    return Path(constants.DEFAULT_LOCAL_TMP, f"bluegreen-{controller()}")


def _failed(error: BluegreenError) -> dict[str, Any]:
    failed = error.facts | {"failed": True, "msg": str(error)}
    if isinstance(error, UnforeseenError) and Display().verbosity >= VERBOSE:
        return failed | {"exception": error.trace}
    return failed


def playbook_command(playbook: str, variables: Mapping[str, Any]) -> str:
    """That runs it for the same host."""
    places = _places(variables)
    return f"ansible-playbook switchyard.bluegreen.{playbook} -i {places['inventory']} --limit {places['host']}"


def _places(variables: Mapping[str, Any]) -> dict[str, str]:
    """What a command names that is to be run for the same host."""
    inventories = variables.get("ansible_inventory_sources") or ["INVENTORY"]
    return {
        "host": variables.get("inventory_hostname", "localhost"),
        "inventory": " -i ".join(shlex.quote(str(each)) for each in inventories),
    }
