# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that say what the service is and what it is to run."""

from __future__ import annotations

from ..base.end_states import FAILING
from .variable import Variable

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
LISTENER = f"{ARN}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2"
TEST_LISTENER = f"{ARN}:listener/app/web/50dc6c495c0c9188/a3c41f9d5c8e2b70"

SERVICE = (
    Variable(
        "service",
        "text",
        "The name of the service. The names of its Auto Scaling groups begin with it, and it is the value of their tag "
        "`bluegreen:service`.",
        "web",
        said="the host's name in the inventory",
    ),
    Variable(
        "routes",
        "routes",
        "The routes that split the service's traffic. Each is the ARN of a listener or of a listener rule, or a "
        "mapping that describes a weighted DNS record, as the module `route_weights` takes it. All of them move "
        "together.",
        f"[{LISTENER}]",
        default=(),
        said="required",
    ),
    Variable(
        "target_groups",
        "target_groups",
        "The target groups of the environments blue and green, by name or ARN. A service behind several load "
        "balancers has one at each: give a list for each color, as in `{blue: [web-blue, admin-blue], green: "
        "[web-green, admin-green]}`. The first of blue and the first of green are a pair, and so on, and each route "
        "forwards to one pair. For `adopt.yml`, those of one color exist, and the others are the names of those to "
        "create.",
        "{blue: web-blue, green: web-green}",
        default={},
        said="required",
    ),
    Variable(
        "region",
        "text",
        "The region of the service. Not needed if its routes or target groups are given by ARN, which contains the "
        "region.",
        "eu-west-1",
        default="",
        said="the region of the ARNs, or else of the environment",
    ),
    Variable(
        "profile",
        "text",
        "The profile of the AWS configuration files to release the service with, such as one for each account.",
        "shop-production",
        default="",
        said="the credentials of the environment",
    ),
    Variable(
        "test_route",
        "test_route",
        "The route that reaches only the candidate: the `arn` of a listener or of a rule, the `url` that reaches it, "
        "and the `headers` that a request needs. A service whose routes are DNS records has `urls` instead, one for "
        "each color. `validate_certs` and `ca_path` are as in the module `http_check`. The values of `headers` are not "
        "shown.",
        f"{{arn: {TEST_LISTENER}, url: 'https://web.example.com:8443'}}",
        default={},
        said="no test route",
    ),
    Variable(
        "stable",
        "choice",
        "The color that is stable. Only for `rollback.yml` and `status.yml`, if the tags with this color were lost.",
        "blue",
        choices=("blue", "green"),
        said="the color in the tags",
    ),
)

RELEASE = (
    Variable(
        "image_id",
        "image",
        "The ID of the machine image (AMI) to release, unless `bluegreen_image` finds one. `deploy.yml`, "
        "`provision.yml` and `roll.yml` require it. Without provision, traffic moves only to a candidate of this "
        "image.",
        "ami-0abcdef1234567890",
        default="",
        said="any image",
    ),
    Variable(
        "image",
        "image_rule",
        "A rule that finds the image, instead of `bluegreen_image_id`, when the run is planned. Use `ssm`, the name of "
        "a Systems Manager parameter that contains an image ID. Or use `name` and `tags`, filters of Amazon EC2 (`*` "
        "and `?` match anything), and `owners` (`[self]` by default), with `newest: true` to select the newest image. "
        "`release_tag` is the tag that contains the label of an image: it becomes the label of the release. If "
        "`bluegreen_release` is set, only an image with that label is found.",
        "{name: 'web-*', tags: {approved: 'yes'}, newest: true}",
        default={},
        said="no rule",
    ),
    Variable(
        "release",
        "text",
        "A label for what runs. A release of the same image with another label only changes the label.",
        "'1.4.2'",
        default="",
        said="the image's ID",
    ),
    Variable(
        "user_data",
        "text",
        "The user data of the candidate's instances, as plain text of at most 16 KB. Ansible renders templates in it. "
        "A roll keeps the user data of the group and is refused if this one differs.",
        "\"{{ lookup('ansible.builtin.template', 'user_data.sh.j2') }}\"",
        default="",
        said="that of the stable group",
        secret=True,
    ),
    Variable(
        "group",
        "group",
        "The first Auto Scaling group of a service that has none: `launch_template` has options of "
        "`amazon.aws.ec2_launch_template`, and `autoscaling_group` options of `amazon.aws.autoscaling_group`. The "
        "release sets the image, the names, the target groups, the version of the template and the `bluegreen:` tags.",
        "{launch_template: {instance_type: m7g.large}, autoscaling_group: {min_size: 2, max_size: 6}}",
        default={},
        said="no first group",
    ),
    Variable(
        "headroom_percent",
        "percent",
        "By how many percent the candidate starts larger than the current stable group, up to its maximum. "
        "Its scaling policies have to scale it in again; without any, it grows with each release. "
        "`rollback.yml` uses it to know how large the stable group has to be.",
        "20",
        default=0,
        most=500,
    ),
    Variable(
        "health_timeout",
        "duration",
        "How long to wait until every instance of the candidate is healthy, and on a rollback until the environment "
        "that gets the traffic can carry it.",
        "20m",
        default=900,
    ),
    Variable(
        "shape_change",
        "choice",
        "What to do if the candidate would differ from the live instances in more than the image: show the "
        "differences, or refuse the release.",
        "refuse",
        default="show",
        choices=("show", "refuse"),
    ),
    Variable(
        "failed_candidate",
        "choice",
        "Whether to keep a candidate that failed or to remove it. With `auto`, a candidate that this run built and "
        "that never became healthy is removed, and one that failed later is kept.",
        "keep",
        default="auto",
        choices=("auto", "keep", "remove"),
    ),
    Variable(
        "max_failed",
        "whole",
        "How many services of a run may be rolled back or halted until no other service starts.",
        "2",
        said="0 in a play with `serial`, otherwise no limit",
    ),
    Variable(
        "fail_on",
        "end_states",
        "The end states of a release or a roll that fail the job, out of `refused`, `rolled_back` and `halted`. With "
        "`nothing`, nothing fails the job; else what fails after a release that stays does so too. Every end state is "
        "reported in any case.",
        "[rolled_back, halted]",
        default=list(FAILING),
        said="all three",
    ),
)
