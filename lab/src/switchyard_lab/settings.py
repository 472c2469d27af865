# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab can be told: the LAB_* variables of its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
        net = environment.get("LAB_NET")
        return cls(
            port=int(environment.get("LAB_PORT", cls.port)),
            speed=float(environment.get("LAB_SPEED", cls.speed)),
            latency_ms=float(environment.get("LAB_LATENCY_MS", cls.latency_ms)),
            propagation_ms=float(environment.get("LAB_PROPAGATION_MS", cls.propagation_ms)),
            stale_ms=float(environment.get("LAB_STALE_MS", cls.stale_ms)),
            metric_lag=float(environment.get("LAB_METRIC_LAG", cls.metric_lag)),
            token_seconds=float(environment.get("LAB_TOKEN_SECONDS", cls.token_seconds)),
            policy=Path(environment["LAB_POLICY"]) if environment.get("LAB_POLICY") else None,
            seed=environment.get("LAB_SEED", "1") != "0",
            services=tuple(environment.get("LAB_SERVICES", ",".join(cls.services)).split(",")),
            vcpus=int(environment.get("LAB_VCPUS", cls.vcpus)),
            net=int(net) if net else None,
            inventory=Path(environment.get("LAB_INVENTORY", cls.inventory)),
        )


# Of the administrator, who may do everything.
KEYS = {"AWS_ACCESS_KEY_ID": "lab", "AWS_SECRET_ACCESS_KEY": "lab"}


def environment(endpoint: str, keys: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a client of a lab must have in its environment; without keys, those of the administrator."""
    return {"AWS_ENDPOINT_URL": endpoint, **(keys or KEYS), "AWS_DEFAULT_REGION": REGION}
