# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of image rules, checks, metrics and test routes."""

from __future__ import annotations

from ..bake.histogram import UNITS
from ..bake.metrics import TAKES
from .shapes import Key

IMAGE_RULE = {
    "ssm": Key("text"),
    "name": Key("text"),
    "owners": Key("texts"),
    "tags": Key("mapping"),
    "newest": Key("boolean", default=False),
    "release_tag": Key("text"),
}

CHECK = {
    "name": Key("text"),
    "path": Key("hidden", default="/"),
    "method": Key("text", default="GET"),
    "headers": Key("headers"),
    "body": Key("body"),
    "status": Key("wholes", default=[200]),
    "body_pattern": Key("text"),
    "json": Key("mapping"),
    "max_ms": Key("whole"),
    "max_body_bytes": Key("whole", default=1048576, least=1),
    "repetitions": Key("whole", default=1, least=1),
}

MARK = {"header": Key("text"), "json": Key("text")}

QUERY = {
    "id": Key("text", required=True),
    "namespace": Key("text"),
    "metric_name": Key("text"),
    "dimensions": Key("mapping"),
    "statistic": Key("text"),
    "expression": Key("text"),
}

THRESHOLD = {"above": Key("number"), "below": Key("number"), "allowed": Key("whole", default=0)}

METRIC = {
    "name": Key("text", required=True),
    "compare": Key("choice", choices=tuple(TAKES)),
    "queries": Key("shapes", keys=QUERY),
    "numerator": Key("texts"),
    "denominator": Key("text"),
    "answered": Key("texts"),
    "value": Key("text"),
    "period": Key("duration", default=60, least=1),
    "unit": Key("choice", choices=tuple(UNITS), default="seconds"),
    "threshold": Key("shape", keys=THRESHOLD),
    "effect": Key("shape", keys={"ratio": Key("number"), "difference": Key("number")}),
    "minimum_samples": Key("whole"),
    "worse": Key("choice", choices=("higher", "lower"), default="higher"),
    "dry_run": Key("boolean", default=False),
}

TARGET = {
    "sns": Key("hidden"),
    "webhook": Key("hidden"),
    "secret": Key("hidden"),
    "chat": Key("hidden"),
    "events": Key("texts", default=[]),
}

TEST_ROUTE = {
    "arn": Key("text"),
    "url": Key("hidden"),
    "urls": Key("shape", keys={"blue": Key("hidden", required=True), "green": Key("hidden", required=True)}),
    "headers": Key("headers"),
    "validate_certs": Key("boolean"),
    "ca_path": Key("text"),
}

NEW_TEST_ROUTE = {
    "header": Key("shape", keys={"name": Key("text", required=True), "value": Key("text", required=True)}),
    "priority": Key("whole", least=1),
    "port": Key("whole", least=1),
    "protocol": Key("choice", choices=("HTTP", "HTTPS", "TCP", "TLS")),
    "host": Key("text"),
}
