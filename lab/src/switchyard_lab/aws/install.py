# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the lab's classes in the place of moto's, before moto is used for the first time."""

from __future__ import annotations

import os
from functools import cache

from ..address import Net
from ..authority import Authority
from ..calls.faults import ApiFaults
from ..clock import Clock
from .ec2.limits import Ec2Limits
from .touch_points import check_moto

VALIDATION_SECONDS = 60  # until a certificate that was requested is issued; nothing is validated


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
    _install_iam()
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

    from .ec2.backend import LabEC2, LabEC2Response, LabLaunchTemplate

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

    from .elbv2.certificates import LabCertificate

    LabCertificate.authority = authority
    models.CertBundle = LabCertificate  # type: ignore[misc]
    settings.ACM_VALIDATION_WAIT = clock.real(VALIDATION_SECONDS)  # type: ignore[assignment]


def _install_elbv2(net: Net) -> None:
    from moto.elb import urls
    from moto.elbv2 import models

    from .elbv2.backend import LabELBv2
    from .elbv2.responses import LabELBv2Response
    from .elbv2.targets import LabTargetGroup

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
    from .cloudwatch import backend as cloudwatch

    cloudwatch.install(clock, metric_lag)


def _install_route53(clock: Clock) -> None:
    from moto.route53 import models, urls

    from .route53.backend import LabRoute53
    from .route53.responses import LabRoute53Response
    from .route53.zone import LabZone

    LabRoute53.clock = clock
    models.route53_backends.backend = LabRoute53
    models.FakeZone = LabZone  # type: ignore[misc]
    urls.url_paths = dict.fromkeys(urls.url_paths, LabRoute53Response.dispatch)


def _install_s3() -> None:
    from moto.s3 import models, responses

    from .s3 import LabBucket, LabS3Response

    models.FakeBucket = LabBucket  # type: ignore[misc]
    responses.S3Response = LabS3Response  # type: ignore[misc]  # by which the paths are made, again when they are used


def _install_iam() -> None:
    from moto.iam import urls as iam
    from moto.sts import models
    from moto.sts import urls as sts

    from .permissions import LabIamResponse
    from .sts import LabSts, LabStsResponse

    iam.url_paths = {"{0}/$": LabIamResponse.dispatch}
    models.sts_backends.backend = LabSts
    sts.url_paths = {"{0}/$": LabStsResponse.dispatch}


def _install_scheduler(clock: Clock) -> None:
    from moto.scheduler import models, urls

    from .scheduler.backend import LabScheduler
    from .scheduler.responses import LabSchedulerResponse

    LabScheduler.clock = clock
    models.scheduler_backends.backend = LabScheduler
    urls.url_paths = dict.fromkeys(urls.url_paths, LabSchedulerResponse.dispatch)
