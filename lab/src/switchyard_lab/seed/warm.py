# SPDX-License-Identifier: GPL-3.0-or-later
"""Imported, it has boto3 and moto read what they know of the services that a sample is made of: two seconds, once for
all labs that are forked later."""

from __future__ import annotations

from moto.core.base_backend import AccountSpecificBackend
from moto.core.utils import get_service_model

from .account import Account

ANYWHERE = Account("http://127.0.0.1", "")

for _service in ("ec2", "elbv2", "autoscaling", "cloudwatch", "route53"):
    ANYWHERE.client(_service)
    AccountSpecificBackend.get_session().get_available_regions(_service)
    get_service_model(_service)
