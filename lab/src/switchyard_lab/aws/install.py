# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the lab's classes in the place of moto's, before moto is used for the first time.

The lab leans on inner parts of moto, so the version is pinned and every part that is replaced or overridden is looked
up by name first: a moto that moved one of them fails here, with its name, and not somewhere in a test.
"""

from __future__ import annotations

import importlib
import os
from functools import cache

import moto

from ..address import Net
from ..authority import Authority
from ..clock import Clock
from ..faults import ApiFaults
from .ec2_limits import Ec2Limits

MOTO_VERSION = "5.2.5"
VALIDATION_SECONDS = 60  # until a certificate that was requested is issued; nothing is validated
TOUCH_POINTS = {
    "moto.acm.models": ["AWS_ROOT_CA", "CertBundle.generate_cert", "acm_backends"],
    "moto.autoscaling.models": [
        "AutoScalingBackend.delete_auto_scaling_group",
        "AutoScalingBackend.notify_terminate_instances",
        "AutoScalingBackend.update_attached_target_groups",
        "FakeAutoScalingGroup._set_launch_configuration",
        "FakeAutoScalingGroup.get_propagated_tags",
        "FakeAutoScalingGroup.set_desired_capacity",
        "InstanceState.launch_template",
        "autoscaling_backends.backend",
    ],
    "moto.autoscaling.responses": ["AutoScalingResponse.dispatch"],
    "moto.autoscaling.urls": ["url_paths"],
    "moto.backends": ["list_of_moto_modules"],
    "moto.core.responses": ["method_names_from_class"],
    "moto.ec2.models": ["EC2Backend.describe_images", "EC2Backend.run_instances", "ec2_backends.backend"],
    "moto.ec2.models.launch_templates": ["LaunchTemplate.create_version", "LaunchTemplate.get_version"],
    "moto.ec2.responses": [
        "EC2Response.create_launch_template_version",
        "EC2Response.register_image",
        "EC2Response.describe_images",
        "EC2Response.describe_launch_template_versions",
        "EC2Response.describe_launch_templates",
        "EC2Response.run_instances",
    ],
    "moto.ec2.models.amis": ["Ami.get_filter_value"],
    "moto.ec2.urls": ["url_paths"],
    "moto.elb.urls": ["ELBV2Response"],
    "moto.elbv2.models": [
        "ELBv2Backend._get_resource_by_arn",
        "ELBv2Backend._validate_conditions",
        "ELBv2Backend.notify_terminate_instances",
        "FakeTargetGroup.deregister",
        "FakeTargetGroup.deregister_terminated_instances",
        "FakeTargetGroup.register",
        "elbv2_backends.backend",
    ],
    "moto.elbv2.responses": ["ELBV2Response.describe_rules"],
    "moto.route53.models": [
        "FakeZone.add_rrset",
        "Route53Backend.create_hosted_zone",
        "Route53Backend.delete_hosted_zone",
        "route53_backends.backend",
    ],
    "moto.route53.responses": [
        "Route53.associate_vpc_with_hosted_zone",
        "Route53.change_resource_record_sets",
        "Route53.create_hosted_zone",
        "Route53.delete_hosted_zone",
        "Route53.disassociate_vpc_from_hosted_zone",
        "Route53.get_change",
        "Route53.list_hosted_zones_by_name",
        "Route53.list_resource_record_sets",
    ],
    "moto.route53.urls": ["url_paths"],
    "moto.s3.models": ["FakeBucket.get_permission"],
    "moto.s3.responses": [
        "S3Response._bucket_response",
        "S3Response._key_response",
        "S3Response.put_object",
    ],
    "moto.s3.urls": ["S3Response"],
    "moto.scheduler.models": [
        "EventBridgeSchedulerBackend.create_schedule_group",
        "Schedule",
        "ScheduleGroup",
        "scheduler_backends.backend",
    ],
    "moto.scheduler.responses": [
        "EventBridgeSchedulerResponse.create_schedule",
        "EventBridgeSchedulerResponse.create_schedule_group",
        "EventBridgeSchedulerResponse.delete_schedule",
        "EventBridgeSchedulerResponse.update_schedule",
    ],
    "moto.scheduler.urls": ["url_paths"],
    "moto.iam.access_control": ["IAMPolicy.is_action_permitted"],
    "moto.iam.urls": ["IamResponse", "url_paths"],
    "moto.servicequotas.responses": ["ServiceQuotasResponse.get_service_quota"],
    "moto.servicequotas.urls": ["url_paths"],
    "moto.moto_server.werkzeug_app": ["DomainDispatcherApplication", "create_backend_app"],
}


class WrongMotoError(Exception):
    """Not the moto that the lab was written against."""


def check_moto() -> None:
    if moto.__version__ != MOTO_VERSION:
        raise WrongMotoError(f"the lab is written against moto {MOTO_VERSION}; this is {moto.__version__}")
    missing = [
        f"{module}:{path}" for module, paths in TOUCH_POINTS.items() for path in paths if not _found(module, path)
    ]
    if missing:
        raise WrongMotoError(f"moto {moto.__version__} has moved {', '.join(missing)}")


def _found(module: str, path: str) -> bool:
    thing: object = importlib.import_module(module)
    for name in path.split("."):
        if not hasattr(thing, name):
            return False
        thing = getattr(thing, name)
    return True


def install(
    clock: Clock, net: Net, faults: ApiFaults, limits: Ec2Limits, authority: Authority, metric_lag: float
) -> None:
    """Once per process."""
    os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # the lab's images are those that were registered
    check_moto()
    _remember_lookups()
    _install_ec2(limits)
    _install_service_quotas(limits)
    _install_acm(clock, authority)
    _install_elbv2(net)
    _install_autoscaling(clock, faults)
    _install_cloudwatch(clock, metric_lag)
    _install_route53(clock)
    _install_s3()
    _install_scheduler(clock)


def _remember_lookups() -> None:
    """Of the methods of a class and of moto's services, which moto would look for in each request."""
    from moto import backends
    from moto.core import responses

    services = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: services
    responses.method_names_from_class = cache(responses.method_names_from_class)  # type: ignore[attr-defined]


def _install_ec2(limits: Ec2Limits) -> None:
    from moto.ec2 import models, urls
    from moto.ec2.models import launch_templates

    from .ec2 import LabEC2, LabEC2Response, LabLaunchTemplate

    LabEC2.limits = limits
    models.ec2_backends.backend = LabEC2
    launch_templates.LaunchTemplate = LabLaunchTemplate  # type: ignore[misc]
    urls.url_paths = {"{0}/": LabEC2Response.dispatch}


def _install_service_quotas(limits: Ec2Limits) -> None:
    from moto.servicequotas import urls

    from .service_quotas import LabServiceQuotasResponse

    LabServiceQuotasResponse.limits = limits
    urls.url_paths = {"{0}/$": LabServiceQuotasResponse.dispatch}


def _install_acm(clock: Clock, authority: Authority) -> None:
    from moto import settings
    from moto.acm import models

    from .certificates import LabCertificate

    LabCertificate.authority = authority
    models.CertBundle = LabCertificate  # type: ignore[misc]
    settings.ACM_VALIDATION_WAIT = clock.real(VALIDATION_SECONDS)  # type: ignore[assignment]


def _install_elbv2(net: Net) -> None:
    from moto.elb import urls
    from moto.elbv2 import models

    from .elbv2 import LabELBv2
    from .elbv2_responses import LabELBv2Response
    from .elbv2_targets import LabTargetGroup

    LabELBv2.net = net
    models.elbv2_backends.backend = LabELBv2
    models.FakeTargetGroup = LabTargetGroup  # type: ignore[misc]
    urls.ELBV2Response = LabELBv2Response  # type: ignore[attr-defined]


def _install_autoscaling(clock: Clock, faults: ApiFaults) -> None:
    from moto.autoscaling import models, urls

    from .autoscaling.backend import LabAutoScaling
    from .autoscaling.group import LabGroup
    from .autoscaling.responses import LabAutoScalingResponse

    LabAutoScaling.clock, LabAutoScaling.faults = clock, faults
    models.autoscaling_backends.backend = LabAutoScaling
    models.FakeAutoScalingGroup = LabGroup  # type: ignore[misc]
    urls.url_paths = {"{0}/$": LabAutoScalingResponse.dispatch}


def _install_cloudwatch(clock: Clock, metric_lag: float) -> None:
    from . import cloudwatch

    cloudwatch.install(clock, metric_lag)


def _install_route53(clock: Clock) -> None:
    from moto.route53 import models, urls

    from .route53 import LabRoute53
    from .route53_responses import LabRoute53Response
    from .route53_zone import LabZone

    LabRoute53.clock = clock
    models.route53_backends.backend = LabRoute53
    models.FakeZone = LabZone  # type: ignore[misc]
    urls.url_paths = dict.fromkeys(urls.url_paths, LabRoute53Response.dispatch)


def _install_s3() -> None:
    from moto.s3 import models, responses

    from .s3 import LabBucket, LabS3Response

    models.FakeBucket = LabBucket  # type: ignore[misc]
    responses.S3Response = LabS3Response  # type: ignore[misc]  # by which the paths are made, again when they are used


def _install_scheduler(clock: Clock) -> None:
    from moto.iam import urls as iam
    from moto.scheduler import models, urls

    from .permissions import LabIamResponse
    from .scheduler.backend import LabScheduler
    from .scheduler.responses import LabSchedulerResponse

    iam.url_paths = {"{0}/$": LabIamResponse.dispatch}
    LabScheduler.clock = clock
    models.scheduler_backends.backend = LabScheduler
    urls.url_paths = dict.fromkeys(urls.url_paths, LabSchedulerResponse.dispatch)
