# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a sample service a plain one: one target group, no test route, no tags of this collection."""

from __future__ import annotations

import sys

import boto3

name = sys.argv[1]
elbv2, autoscaling = boto3.client("elbv2"), boto3.client("autoscaling")

(balancer,) = elbv2.describe_load_balancers(Names=[name])["LoadBalancers"]
groups = elbv2.describe_target_groups(Names=[f"{name}-blue", f"{name}-green"])["TargetGroups"]
blue, green = (group["TargetGroupArn"] for group in groups)
production, test = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]

elbv2.delete_listener(ListenerArn=test["ListenerArn"])
forward = {"Type": "forward", "TargetGroupArn": blue}
elbv2.modify_listener(ListenerArn=production["ListenerArn"], DefaultActions=[forward])
elbv2.delete_target_group(TargetGroupArn=green)
(described,) = elbv2.describe_tags(ResourceArns=[blue])["TagDescriptions"]
elbv2.remove_tags(ResourceArns=[blue], TagKeys=[tag["Key"] for tag in described["Tags"]])
(group,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[f"{name}-blue-v001"])["AutoScalingGroups"]
kept = ("ResourceId", "ResourceType", "Key")
autoscaling.delete_tags(Tags=[{key: tag[key] for key in kept} for tag in group["Tags"]])
