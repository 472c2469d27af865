# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab leans on inside moto. The version is pinned, and every part that is replaced or overridden is looked up
by name first: a moto that moved one of them fails here, with its name, and not somewhere in a test."""

from __future__ import annotations

import importlib

import moto

MOTO_VERSION = "5.2.5"
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
    "moto.sts.models": ["STSBackend.get_caller_identity", "sts_backends.backend"],
    "moto.sts.responses": ["TokenResponse.get_session_token"],
    "moto.sts.urls": ["url_paths"],
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
