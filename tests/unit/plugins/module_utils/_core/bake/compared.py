# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sides that an analysis compares, and metrics in which it does."""

from __future__ import annotations

from datetime import UTC, datetime

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metric_data import Side
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metrics import parse_metrics

START = datetime(2026, 1, 6, 12, tzinfo=UTC)
GREEN = Side("c", "web-green", {"target_group": "targetgroup/web-green/1", "load_balancer": "app/web/1"})
BLUE = Side("s", "web-blue", {"target_group": "targetgroup/web-blue/1", "load_balancer": "app/web/1"})
ERRORS, LATENCY = parse_metrics([{"name": "errors"}, {"name": "latency"}])
ORDERS = {
    "name": "orders",
    "compare": "points",
    "queries": [
        {"id": "sum", "expression": "FILL(lost, 0) + SUM(SEARCH('{Shop,Group} lost {group}', 'Sum'))"},
        {"id": "lost", "namespace": "Shop", "metric_name": "Lost", "dimensions": {"Group": "{group}"}},
    ],
    "value": "sum",
}
