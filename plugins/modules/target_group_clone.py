# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies a target group."""

from __future__ import annotations

DOCUMENTATION = r"""
module: target_group_clone
version_added: 1.0.0
short_description: Copy a target group
description:
  - Makes a target group that is another one's like in every setting, every attribute and every tag.
  - Settings are those that the SDK's CreateTargetGroup takes and DescribeTargetGroups returns, so that one that AWS
    adds to both is taken over without a change of this module.
  - Tags that start with C(bluegreen:) describe the source itself, and those that start with C(aws:) are set by AWS.
    Neither are copied.
  - Targets are not taken over, and no listener or rule is changed.
  - An existing target group of that name becomes a copy, as far as possible. Its health checks, attributes and tags are
    updated; other attributes and tags stay. When it differs in what AWS cannot change, such as the port, the protocol
    or the VPC, that is an error.
  - Nothing is ever removed.
options:
  source:
    description: The target group to copy, by name or ARN.
    type: str
    required: true
  name:
    description:
      - The name of the copy, of at most 32 letters, digits and hyphens, with no hyphen at either end. Names of target
        groups are unique in an account and region.
    type: str
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeTargetGroups),
    C(elasticloadbalancing:DescribeTargetGroupAttributes), C(elasticloadbalancing:DescribeTags),
    C(elasticloadbalancing:CreateTargetGroup), C(elasticloadbalancing:ModifyTargetGroup),
    C(elasticloadbalancing:ModifyTargetGroupAttributes) and C(elasticloadbalancing:AddTags).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.listener_weights
  - module: switchyard.bluegreen.autoscaling_clone
"""

EXAMPLES = r"""
- name: Copy the existing target group
  switchyard.bluegreen.target_group_clone:
    source: web
    name: web-green

- name: Say what would be done
  switchyard.bluegreen.target_group_clone:
    source: arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef
    name: web-green
  check_mode: true
  diff: true
"""

RETURN = r"""
target_group:
  description: The copy.
  returned: success
  type: dict
  contains:
    arn:
      description: Its ARN; null in check mode while it does not exist.
      type: str
      sample: arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-green/fedcba9876543210
    name:
      description: Its name.
      type: str
      sample: web-green
"""

from ..module_utils._args.traffic.target_group_copy import TargetGroupCloneOptions
from ..module_utils._module import run_module
from ..module_utils._ops.traffic.target_group_copy import target_group_clone


def main() -> None:
    run_module(TargetGroupCloneOptions, target_group_clone)


if __name__ == "__main__":
    main()
