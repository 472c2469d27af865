# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab can be told: the LAB_* variables of its environment."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .address import OCTETS
from .arguments import existing_file, not_negative, positive, switch, whole

PREFIX, ALIKE = "LAB_", 0.8  # other tools may have variables with this prefix: those that look alike are misspelt
RECORDS = ("A", "CNAME", "alias")  # what the DNS records of a sample service may be
REGION = "eu-west-1"
DEFAULT_INVENTORY = Path("build/lab/services.yml")


@dataclass(frozen=True)
class Settings:
    """One lab's settings; the defaults are those of `make lab`."""

    port: int = 5005  # of the AWS API; 0: any free one
    speed: float = 1.0  # divides every interval, delay and period of the lab
    latency_ms: float = 0.0  # added to each API call; request time, so not divided by speed
    propagation_ms: float = 0.0  # until a change reaches the data plane; a delay of the lab, so divided by speed
    stale_ms: float = 0.0  # for how long reads may not see a write; whoever waits for it waits on the wall: not divided
    metric_lag: float = 90.0  # seconds until a minute of a load balancer is complete in CloudWatch; divided by speed
    token_seconds: float = 0.0  # for how long temporary credentials are taken, on the wall; 0: for ever
    policy: Path | None = None  # what the keys that the lab gives out may do; unset: everything
    seed: bool = True
    services: tuple[str, ...] = ("demo",)  # of the seed; "shop:alias" is one behind DNS records
    vcpus: int = 8192  # the quota of running On-Demand Standard instances; AWS gives new accounts 5
    net: int | None = None  # second octet of the lab's own loopback net; unset: the first free one
    inventory: Path = DEFAULT_INVENTORY

    @property
    def authority(self) -> Path:
        """The directory in which the lab's certificate authority is."""
        return self.inventory.parent

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Empty text means not set. ArgumentTypeError names a variable that cannot be used, or is misspelt."""
        given = {name.removeprefix(PREFIX): text for name, text in environment.items() if name.startswith(PREFIX)}
        known = {name.upper(): name for name in READERS}
        for variable in sorted(given.keys() - known.keys()):
            if meant := get_close_matches(variable, known, 1, ALIKE):
                raise ArgumentTypeError(f"{PREFIX}{variable} is no setting of the lab; {PREFIX}{meant[0]} is")
        said = {name: given.get(variable, "").strip() for variable, name in known.items()}
        return cls(**{name: _read(name, text) for name, text in said.items() if text})


def _read(name: str, text: str) -> Any:
    try:
        return READERS[name](text)
    except ArgumentTypeError as error:
        raise ArgumentTypeError(f"{PREFIX}{name.upper()}: {error}") from error


def _services(text: str) -> tuple[str, ...]:
    services = tuple(each.strip() for each in text.split(",") if each.strip())
    for service in services:
        if not re.fullmatch(rf"[a-zA-Z0-9]([a-zA-Z0-9-]{{0,24}}[a-zA-Z0-9])?(:({'|'.join(RECORDS)}))?", service):
            raise ArgumentTypeError(
                f"{service} is not a name of at most 26 letters, digits and hyphens, with a colon and one of "
                f"{', '.join(RECORDS)} after it where the service is behind such records"
            )
    names = [service.partition(":")[0] for service in services]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ArgumentTypeError(f"{twice} is named twice")
    return services


READERS: Mapping[str, Callable[[str], Any]] = {
    "port": whole(0, 65535),
    "speed": positive,
    "latency_ms": not_negative,
    "propagation_ms": not_negative,
    "stale_ms": not_negative,
    "metric_lag": not_negative,
    "token_seconds": not_negative,
    "policy": existing_file,
    "seed": switch,
    "services": _services,
    "vcpus": whole(0, 1_000_000),
    "net": whole(OCTETS[0], OCTETS[-1]),
    "inventory": Path,
}


# Of the administrator, who may do everything.
KEYS = {"AWS_ACCESS_KEY_ID": "lab", "AWS_SECRET_ACCESS_KEY": "lab"}


def environment(endpoint: str, keys: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a client of a lab must have in its environment; without keys, those of the administrator."""
    return {"AWS_ENDPOINT_URL": endpoint, **(keys or KEYS), "AWS_DEFAULT_REGION": REGION}
