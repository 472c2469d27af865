# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rehearsal says differently than the inventory: the stand-in's names, shorter durations, and nothing that
reaches beyond the lab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..seed.inventory import timing
from ..settings import Settings
from .builder import StandIn
from .services import Service

BUILT_IN = ("errors", "latency")  # metrics that come from the load balancer
# Unset: what reaches beyond the lab, and what depends on the hour or on people.
UNSET = {
    "hooks": "hooks are not run, for they may act on something real",
    "notify": "nobody is notified",
    "return_role": "AWS does not return the traffic by itself",
    "windows": "it may be released at any hour",
    "user_data": "instances run the lab's own service",
    "release_from": "instances run the lab's own service",
    "instance_from": "instances run the lab's own service",
    "image": "the rehearsal has its own images",
    "group": "the first group is the stand-in's",
}
ALSO_UNSET = ("region", "profile", "stable", "override")
UNSCALED = ("shift_timeout",)  # of a shift, only the bakes are shorter here
MINUTE = 60
# Of checks.
KEPT = ("name", "path", "method", "repetitions")
OF_ANY_CHECK = {"status": [200], "max_body_bytes": 1048576}  # where nothing else is said


def overrides(service: Service, built: StandIn, image: str, store: Path, speed: float) -> dict[str, Any]:
    """Extra variables of a run, which releases the image of this name."""
    values = service.values
    said: dict[str, Any] = dict.fromkeys((*UNSET, *ALSO_UNSET), "")
    said |= _durations(service, speed)
    metrics = [_metric(each) for each in values["metrics"] if _is_built_in(each)]
    lag = said["metrics_lag"] if any(not each["dry_run"] for each in metrics) else 0
    said |= {
        "hosts": service.host,  # which need not be in the group bluegreen
        "routes": [built.arns[each] for each in values["routes"]],
        "target_groups": {color: [_new(each, built) for each in its] for color, its in values["target_groups"].items()},
        "test_route": _test_route(values["test_route"], built),
        "image_id": built.images[image],
        "release": image,
        "checks": [_check(each) for each in values["checks"]],
        "alarms": [each for each in values["alarms"] if each in built.alarms],
        "metrics": metrics,
        "strategy": [_step(each, speed, lag) for each in values["strategy"]],
        "store": f"file://{store}",  # nothing in it is quoted
        "poll_seconds": service.durations["poll_seconds"],
    }
    return {f"bluegreen_{key}": value for key, value in said.items()}


def not_rehearsed(service: Service) -> list[str]:
    """In sentences, each once."""
    values = service.values
    sentences = [sentence for key, sentence in UNSET.items() if values[key]]
    if dropped := _dropped(values["checks"]):
        sentences.append(f"{', '.join(dropped)} of checks: instances run the lab's own service, with status 200")
    if any("pause" in each for each in values["strategy"]):
        sentences.append("pauses for an approval are left out")
    if any(each["period"] != MINUTE for each in values["metrics"]):
        sentences.append("metrics are judged by the minute")
    if others := [each["name"] for each in values["metrics"] if not _is_built_in(each)]:
        sentences.append(f"the metrics {', '.join(others)} have no data here and are left out")
    return list(dict.fromkeys(sentences))


def _durations(service: Service, speed: float) -> dict[str, int]:
    """Metrics arrive as late as on a lab of this speed."""
    values = {key: service.values[key] for key in service.durations if key not in UNSCALED}
    scaled = {key: max(service.durations[key], _scaled(value, speed)) for key, value in values.items() if value}
    late = timing(speed, Settings.metric_lag)["bluegreen_metrics_lag"]
    return scaled | {"metrics_lag": max(scaled.get("metrics_lag", 0), late)}


def _scaled(seconds: float, speed: float) -> int:
    return max(1, round(seconds / speed)) if seconds else 0


def _step(step: Mapping[str, Any], speed: float, lag: int) -> dict[str, Any]:
    """No bake with metrics may be shorter than their lag."""
    baking = _scaled(step["bake_seconds"], speed)
    return {"weight": step["weight"], "bake_seconds": max(baking, lag) if baking else 0}


def _new(target_group: str, built: StandIn) -> str:
    name = target_group.rsplit(":", 1)[-1].split("/")[1] if target_group.startswith("arn:") else target_group
    return built.target_groups[name]


def _test_route(route: Mapping[str, Any], built: StandIn) -> dict[str, Any]:
    if "arn" not in route:
        return {}
    new: dict[str, Any] = {"arn": built.arns[route["arn"]], "url": built.urls[route["arn"]].rstrip("/")}
    if ":listener-rule/" in route["arn"]:
        new["headers"] = route.get("headers") or {"Host": urlsplit(route["url"]).hostname}
    return new


def _check(check: Mapping[str, Any]) -> dict[str, Any]:
    """A query may hold a secret, and the lab's own service has no use for it."""
    kept = {key: check[key] for key in KEPT if check[key]}
    return {**kept, "path": check["path"].partition("?")[0], "status": OF_ANY_CHECK["status"]}


def _dropped(checks: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the checks have and the rehearsed ones do not."""
    dropped = [
        key
        for check in checks
        for key, value in check.items()
        if key not in KEPT and value and value != OF_ANY_CHECK.get(key)
    ]
    return list(dict.fromkeys([*dropped, *("query" for check in checks if "?" in check["path"])]))


def _is_built_in(metric: Mapping[str, Any]) -> bool:
    return metric["name"] in BUILT_IN and not metric["queries"]


def _metric(metric: Mapping[str, Any]) -> dict[str, Any]:
    """A longer period would not be shorter here, and so no bake over it."""
    return {key: value for key, value in metric.items() if value is not None} | {"period": MINUTE}
