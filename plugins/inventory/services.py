# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services as inventory hosts, found by their tags."""

from __future__ import annotations

DOCUMENTATION = r"""
name: services
version_added: 1.0.0
short_description: Blue/green services as an inventory source
description:
  - Finds services by the tags C(bluegreen:service) and C(bluegreen:color) of their target groups, in several regions
    and accounts. Each service is one host, which the playbooks of this collection run on.
  - The inventory file is a YAML file whose name ends with C(bluegreen.yml) or C(bluegreen.yaml).
  - A host gets the variables that AWS knows, C(bluegreen_service), C(bluegreen_target_groups) and C(bluegreen_routes).
    Set all others, such as the strategy and the checks, in C(group_vars) and C(host_vars). C(host_vars) take precedence
    over what is found here; C(group_vars) do not.
  - Where a service stands is in variable C(bluegreen_seen) of its host, with these keys. C(compose), C(groups) and
    C(keyed_groups) use the keys as variables.
  - C(service), C(region) and C(account), the ID of the account.
  - C(stable), V(blue) or V(green), and C(candidate), the other one. Both are null before the first release.
  - C(phase), V(settled), V(provisioned) or V(shifting) as M(switchyard.bluegreen.service_info) returns it, or null
    where the routes are not known.
  - C(frozen), C(reason), C(by) and C(until) of a freeze; null for a service that is not frozen.
  - C(lease), who changes the service, as M(switchyard.bluegreen.service_info) returns it. A lease that is kept in a
    store is not read.
  - C(last), the outcome of the last run other than a teardown, as M(switchyard.bluegreen.service_info) returns it
    under C(outcomes).
  - C(environments), the C(release) and the C(group) of C(blue) and C(green), null for an empty one.
  - All hosts are in group C(bluegreen). They are also in groups by region (C(services_region_eu_west_1)), stable color
    (C(services_stable_blue)), phase (C(services_phase_shifting)) and end state of the last run
    (C(services_last_rolled_back)); what is not known is V(unknown). Frozen services are in C(services_frozen).
options:
  plugin:
    description: Marks the file as one for this plugin.
    type: str
    required: true
    choices: [switchyard.bluegreen.services]
  regions:
    description:
      - The regions in which to look for services.
      - The default is the one region of the options, the environment or the profile.
    type: list
    elements: str
    default: []
  accounts:
    description:
      - The accounts in which to look for services, instead of the one that the other options sign in to.
      - A run signs in by itself. For a service of an account with a C(profile), C(bluegreen_profile) is set. To release
        services of an account with an C(assume_role_arn), give the runs credentials of that account.
    type: list
    elements: dict
    default: []
    suboptions:
      profile:
        description: A named AWS profile, instead of the credentials of the other options.
        type: str
      assume_role_arn:
        description: The ARN of the IAM role to assume, with the profile or the credentials of the other options.
        type: str
      external_id:
        description: What the role's trust policy demands as C(sts:ExternalId).
        type: str
      regions:
        description: The regions of this account, instead of O(regions).
        type: list
        elements: str
  hostname:
    description:
      - What a host is named by. The parts are joined by hyphens.
      - Two services whose hosts would have the same name are an error.
    type: list
    elements: str
    choices: [service, region, account]
    default: [service]
  strict_permissions:
    description:
      - Whether an account or a region that may not be read (HTTP status 403) is an error.
      - When V(false), it is a warning, and its services are left out. Other errors are always errors.
    type: bool
    default: true
notes:
  - A listener or a rule is a route of the service when it has the tag C(bluegreen:service) with its name, or when it is
    the only one that forwards to blue and to green. Test routes, which do so as well, are left aside where they have
    the tag C(bluegreen:test-route), as those that M(switchyard.bluegreen.test_route) has made. Where there are
    several and none is tagged, there is a warning, and C(bluegreen_routes) is left out. DNS records are not looked for.
  - Needs the permissions C(elasticloadbalancing:DescribeTargetGroups), C(elasticloadbalancing:DescribeTags),
    C(elasticloadbalancing:DescribeListeners), C(elasticloadbalancing:DescribeRules) and
    C(autoscaling:DescribeAutoScalingGroups), and C(sts:AssumeRole) for roles.
extends_documentation_fragment:
  - inventory_cache
  - constructed
  - amazon.aws.boto3
  - amazon.aws.common.plugins
  - amazon.aws.region.plugins
  - amazon.aws.assume_role.plugins
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.service_info
"""

EXAMPLES = r"""
# production.bluegreen.yml
plugin: switchyard.bluegreen.services
regions: [eu-west-1, us-east-1]

---

# Several accounts; one that may not be read is left out.
plugin: switchyard.bluegreen.services
regions: [eu-west-1]
accounts:
  - profile: shop
  - profile: payments
    regions: [eu-west-1, eu-central-1]
  - assume_role_arn: arn:aws:iam::333333333333:role/bluegreen-inventory
hostname: [service, region]
strict_permissions: false

---

# More groups and variables, and a cache.
plugin: switchyard.bluegreen.services
regions: [eu-west-1]
keyed_groups:
  - {key: account, prefix: account}
groups:
  at_work: lease is not none and lease.alive
  waiting_for_traffic: phase == 'provisioned'
compose:
  live_release: environments[stable].release
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/bluegreen
cache_timeout: 300
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.template import trust_as_template

from ..module_utils._core.base.errors import BluegreenError
from ..module_utils._core.base.unforeseen import UnforeseenError
from ..module_utils._core.service.fleet import check_names, host_name
from ..module_utils._ops.service.fleet import Account, Fleet, read_fleet

GROUP = "bluegreen"  # the one that the playbooks look for
AUTH = ("access_key", "secret_key", "session_token", "profile", "region", "endpoint_url")
KEYS = ("access_key", "secret_key", "session_token", "profile")
PREFIX = "services_"  # of the other groups
UNKNOWN = "unknown"


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "switchyard.bluegreen.services"

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith(("bluegreen.yml", "bluegreen.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path)
        self._read_config_data(path)
        self.inventory.add_group(GROUP)
        try:
            services = self._cached(path, cache)
            hosts: dict[str, list[Mapping[str, Any]]] = {}
            for each in services:
                hosts.setdefault(host_name(each, self.get_option("hostname")), []).append(each)
            check_names(hosts)
            for name, (each,) in hosts.items():
                self._add(name, each)
        except AnsibleError:
            raise
        except BluegreenError as error:
            raise AnsibleParserError(str(error)) from error
        except Exception as error:
            raise AnsibleParserError(str(UnforeseenError(error))) from error

    def _cached(self, path: str, cache: bool) -> Sequence[Mapping[str, Any]]:
        """``cache`` is false when a person asks for what is there now (--flush-cache, meta: refresh_inventory)."""
        if not self.get_option("cache"):
            return self._read().services
        key = self.get_cache_key(path)
        if cache and key in self._cache:
            kept: Sequence[Mapping[str, Any]] = self._cache[key]
            return kept
        services = list(self._read().services)
        self._cache[key] = services
        return services

    def _read(self) -> Fleet:
        fleet = read_fleet(list(self._accounts()), strict=self.get_option("strict_permissions"))
        for line in fleet.warnings:
            self.display.warning(line)
        return fleet

    def _accounts(self) -> Iterable[Account]:
        options, regions = {name: self._option(name) for name in AUTH}, self._option("regions")
        role = self._option("assume_role_arn")
        for each in self._option("accounts") or [{"assume_role_arn": role}]:
            own = {**options, **dict.fromkeys(KEYS), "profile": each["profile"]} if each.get("profile") else options
            yield Account(own, each.get("regions") or regions, each.get("assume_role_arn"), each.get("external_id"))

    def _option(self, name: str) -> Any:
        """The file is the person's own: templates in it are evaluated. What AWS returns never is."""
        return self.templar.template(self.get_option(name))

    def _add(self, host: str, service: Mapping[str, Any]) -> None:
        seen = {key: value for key, value in service.items() if key != "variables"}
        self.inventory.add_host(host, group=GROUP)
        variables = {
            **service["variables"],
            "bluegreen_seen": seen,
            "ansible_connection": "local",
            "ansible_python_interpreter": trust_as_template("{{ ansible_playbook_python }}"),
        }
        for name, value in variables.items():
            self.inventory.set_variable(host, name, value)
        last = (seen["last"] or {}).get("end_state")
        for kind, value in (
            ("region", seen["region"]),
            ("stable", seen["stable"] or UNKNOWN),
            ("phase", seen["phase"] or UNKNOWN),
            ("last", last or UNKNOWN),
        ):
            self._join(host, f"{PREFIX}{kind}_{value}")
        if seen["frozen"]:
            self._join(host, f"{PREFIX}frozen")
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), seen, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), seen, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), seen, host, strict=strict)

    def _join(self, host: str, group: str) -> None:
        name = self.inventory.add_group(self._sanitize_group_name(group))
        self.inventory.add_child(name, host)
