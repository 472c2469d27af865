# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections through a Network Load Balancer of the lab."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest

from .plane import Plane, ask
from .processes import Children


@pytest.fixture
def network(children: Children) -> Iterator[Plane]:
    """As `shop`, behind a Network Load Balancer: blue has all traffic."""
    with Plane(children, protocol="TCP") as made:
        made.run("b1", "b2", "g1", "g2")
        made.group("blue", "b1", "b2", ends_drained=False, ends_unhealthy=True)
        made.group("green", "g1", "g2", ends_drained=False, ends_unhealthy=True)
        made.forward({"blue": 100, "green": 0})
        made.apply_until_healthy()
        yield made


def releases(plane: Plane, connections: int) -> Counter[str]:
    return Counter(plane.get().by[0] for _connection in range(connections))


def test_the_target_group_is_chosen_for_each_connection_by_weight(network: Plane) -> None:
    network.forward({"blue": 70, "green": 30})
    network.apply()
    assert 35 <= releases(network, 200)["g"] <= 85
    assert {answer.by for answer in network.get_many(20)} in ({"b1"}, {"b2"}, {"g1"}, {"g2"}), "one connection"


def test_an_open_connection_stays_at_weight_zero(network: Plane) -> None:
    with closing(network.connect()) as connection:
        first = ask(connection).by
        network.forward({"blue": 0, "green": 100})
        network.apply()
        assert releases(network, 10) == {"g": 10}
        assert ask(connection).by == first


def test_flows_are_counted_by_load_balancer_alone(network: Plane) -> None:
    with closing(network.connect()) as connection:
        ask(connection)
        network.get_many(3)
        network.wait_for_metric("NewFlowCount_TCP", 2)
        assert network.metric("NewFlowCount") == 2
        network.wait(lambda message: message["op"] == "metrics" and gauge(network, 1) in message["gauges"])
    network.wait(lambda message: message["op"] == "metrics" and gauge(network, 0) in message["gauges"])
    of_groups = {row[2] for message in network.metrics() for row in message["counts"] + message["gauges"] if row[1]}
    assert of_groups == {"HealthyHostCount", "UnHealthyHostCount"}


def gauge(plane: Plane, value: int) -> list[object]:
    return [plane.load_balancer, None, "ActiveFlowCount_TCP", value]


def test_a_drained_targets_connection_lives_on(network: Plane) -> None:
    """Unless the group is told to end it, AWS leaves it to the target."""
    network.groups["blue"]["deregistration_delay"] = 3
    network.targets("blue", "b1")
    network.apply()
    with closing(network.connect()) as connection:
        assert ask(connection).by == "b1"
        network.targets("blue", "b2")
        network.apply_until_healthy()
        network.wait_until_drained("blue", "b1")
        assert ask(connection).by == "b1"


def test_connection_termination_resets_it_when_the_delay_is_over(network: Plane) -> None:
    network.groups["blue"] |= {"deregistration_delay": 30, "ends_drained": True}
    network.targets("blue", "b1")
    network.apply()
    with closing(network.connect()) as connection:
        assert ask(connection).by == "b1"
        network.targets("blue", "b2")
        network.apply()
        assert ask(connection).by == "b1"
        network.wait_until_drained("blue", "b1")
        with pytest.raises(ConnectionResetError):
            ask(connection)
    network.wait_for_metric("TCP_ELB_Reset_Count", 1)


def test_connections_to_a_target_that_becomes_unhealthy_are_reset(network: Plane) -> None:
    network.targets("blue", "b1")
    network.apply()
    with closing(network.connect()) as connection:
        assert ask(connection).by == "b1"
        network.behave("b1", health="fail")
        network.wait_for_health("blue", "b1", "unhealthy")
        with pytest.raises(ConnectionResetError):
            ask(connection)


def test_with_no_healthy_target_all_get_connections_and_without_any_they_are_reset(network: Plane) -> None:
    for name in ("b1", "b2"):
        network.behave(name, health="fail")
        network.wait_for_health("blue", name, "unhealthy")
    assert releases(network, 4) == {"b": 4}
    network.targets("blue")
    network.apply()
    with pytest.raises(ConnectionResetError):
        network.get()


def test_a_tcp_check_asks_for_no_more_than_a_connection(network: Plane) -> None:
    network.groups["blue"]["health"]["protocol"] = "TCP"
    network.apply()
    network.behave("b1", health="fail")
    network.pass_lab_seconds(15)
    assert network.reports("blue", "b1")[-1]["state"] == "healthy"
    network.signal("b1", "KILL")
    assert network.wait_for_health("blue", "b1", "unhealthy")["reason"] == "Target.FailedHealthChecks"


def test_stickiness_holds_an_address_to_its_target(network: Plane) -> None:
    network.groups["blue"]["sticks_to_source"] = True
    network.forward({"blue": 1, "green": 0})
    network.apply()
    assert len({answer.by for answer in (network.get() for _connection in range(6))}) == 1


def test_stickiness_holds_an_address_to_its_group(network: Plane) -> None:
    network.forward({"blue": 50, "green": 50})
    config = network.rules[-1]["actions"][0]["ForwardConfig"]
    config["TargetGroupStickinessConfig"] = {"Enabled": True}
    network.apply()
    (first,) = releases(network, 10)
    network.forward({"blue": 0, "green": 100} if first == "b" else {"blue": 100, "green": 0})
    network.rules[-1]["actions"][0]["ForwardConfig"]["TargetGroupStickinessConfig"] = {"Enabled": True}
    network.apply()
    assert releases(network, 5) == {first: 5}
