# SPDX-License-Identifier: GPL-3.0-or-later
"""Imported, it has boto3 read what it knows of the services that a sample is made of: a second, once for all labs that
are forked later."""

from __future__ import annotations

from .account import Account

ANYWHERE = Account("http://127.0.0.1", "")

for _service in ("ec2", "elbv2", "autoscaling", "cloudwatch", "route53"):
    ANYWHERE.client(_service)
