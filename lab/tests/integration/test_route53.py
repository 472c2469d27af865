# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53 through the API: batches that are made whole or not at all, and what a batch may say."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, refusal

from .names import Zone

ALB_ZONE = "Z32O12XQLNTSW2"


@pytest.fixture
def zone(lab: LabProcess) -> Zone:
    return Zone(lab)


def colors(zone: Zone) -> dict[str, int]:
    return {each["SetIdentifier"]: each["Weight"] for each in zone.listed()}


def test_a_record_is_listed_as_it_was_made(zone: Zone) -> None:
    zone.submit(CREATE=[zone.weighted("blue", 90, name="WWW")])
    assert zone.listed() == [zone.weighted("blue", 90, name="www", Name=f"www.{zone.name}.")]


def test_of_a_batch_with_one_error_nothing_is_made(zone: Zone) -> None:
    zone.submit(CREATE=[zone.weighted("blue", 100), zone.weighted("green", 0)])
    said = zone.refusal(UPSERT=[zone.weighted("blue", 50)], CREATE=[zone.weighted("green", 50)])
    assert said == (
        f"InvalidChangeBatch: [Tried to create resource record set [name='www.{zone.name}.', type='A', "
        "set-identifier='green'] but it already exists]"
    )
    assert colors(zone) == {"blue": 100, "green": 0}
    zone.submit(UPSERT=[zone.weighted("blue", 50), zone.weighted("green", 50)])
    assert colors(zone) == {"blue": 50, "green": 50}


def test_to_delete_a_record_it_must_be_said_exactly(zone: Zone) -> None:
    zone.submit(CREATE=[zone.weighted("blue", 100), zone.weighted("green", 0)])
    for wrong in (zone.weighted("blue", 99), zone.weighted("blue", 100, ttl=6), zone.weighted("blue", 100, value="::")):
        assert "but the values provided do not match the current values" in zone.refusal(DELETE=[wrong])
    assert "but it was not found" in zone.refusal(DELETE=[zone.record()])
    zone.submit(DELETE=[zone.weighted("blue", 100)])
    assert colors(zone) == {"green": 0}


def test_a_record_may_be_deleted_and_created_anew_in_one_batch_and_no_other_pair(zone: Zone) -> None:
    zone.submit(CREATE=[zone.weighted("blue", 100)])
    zone.submit(DELETE=[zone.weighted("blue", 100)], CREATE=[zone.weighted("blue", 60)])
    assert colors(zone) == {"blue": 60}
    said = zone.refusal(UPSERT=[zone.weighted("blue", 50), zone.weighted("blue", 40)])
    assert f"an invalid set of changes for a resource record set 'A www.{zone.name}.'" in said


def test_a_name_has_a_simple_record_or_weighted_ones(zone: Zone) -> None:
    zone.submit(CREATE=[zone.record()])
    weighted = [zone.weighted("blue", 100), zone.weighted("green", 0)]
    assert "cannot be created as a non-weighted set exists with the same name and type." in zone.refusal(
        UPSERT=weighted
    )
    zone.submit(DELETE=[zone.record()], CREATE=weighted)
    assert colors(zone) == {"blue": 100, "green": 0}
    said = zone.refusal(UPSERT=[zone.record()])
    assert "type A cannot be created as other RRSets exist with the same name and type." in said


def test_weighted_records_share_a_ttl_that_a_batch_changes_for_all_of_them(zone: Zone) -> None:
    zone.submit(CREATE=[zone.weighted("blue", 90), zone.weighted("green", 10)])
    said = zone.refusal(UPSERT=[zone.weighted("blue", 90, ttl=60)])
    assert "SetIdentifier blue cannot be created as weighted sets must contain the same TTL." in said
    zone.submit(UPSERT=[zone.weighted("blue", 90, ttl=60), zone.weighted("green", 10, ttl=60)])
    assert [each["TTL"] for each in zone.listed()] == [60, 60]


def test_a_batch_has_no_more_than_a_thousand_values(zone: Zone) -> None:
    values = [{"Value": f"192.0.{number // 256}.{number % 256}"} for number in range(501)]
    assert "limit of 1000" in zone.refusal(UPSERT=[zone.record() | {"ResourceRecords": values}])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"Weight": 256, "SetIdentifier": "blue"}, "InvalidInput: 1 validation error detected: Value '256'"),
        ({"Weight": 1}, "InvalidInput: Invalid request: Missing field 'SetIdentifier' in Change with [Action=CREATE"),
        ({"SetIdentifier": "blue"}, "InvalidInput: Invalid request: Expected exactly one of [Weight, Region, "),
        ({"value": "example.com"}, "InvalidChangeBatch: [Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4"),
        ({"Name": "www.example.org"}, "RRSet with DNS name www.example.org. is not permitted in zone "),
        ({"HealthCheckId": "none"}, "NoSuchHealthCheck"),
        ({"AliasTarget": {"HostedZoneId": ALB_ZONE, "DNSName": "a.b", "EvaluateTargetHealth": True}}, "was not found"),
        (
            {"AliasTarget": {"HostedZoneId": "Z1", "DNSName": "a.b", "EvaluateTargetHealth": True}},
            "does not lie within",
        ),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(zone: Zone, wrong: dict[str, Any], said: str) -> None:
    assert said in zone.refusal(CREATE=[zone.record(**wrong)])


def test_a_record_needs_values_with_a_ttl_or_an_alias(zone: Zone) -> None:
    for missing in ("TTL", "ResourceRecords"):
        incomplete = {key: value for key, value in zone.record().items() if key != missing}
        assert "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords]" in zone.refusal(
            CREATE=[incomplete]
        )


def test_beside_a_cname_there_is_nothing(zone: Zone) -> None:
    zone.submit(CREATE=[zone.record("CNAME", value="other.example.com")])
    assert "a conflicting RRSet of type CNAME with the same DNS name already exists" in zone.refusal(
        CREATE=[zone.record()]
    )
    zone.submit(CREATE=[zone.record(name="api")])
    assert "conflicts with other records with the same DNS name" in zone.refusal(
        CREATE=[zone.record("CNAME", "api", "other.example.com")]
    )
    at_apex = zone.record("CNAME", value="other.example.com", Name=zone.name)
    assert "is not permitted at apex in zone" in zone.refusal(CREATE=[at_apex])


def test_an_alias_names_a_load_balancer_by_its_own_zone(zone: Zone, scene: Scene) -> None:
    arn = scene.load_balancer()
    balancer = scene.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    target = {"DNSName": balancer["DNSName"], "EvaluateTargetHealth": False}
    alias = zone.record(AliasTarget={"HostedZoneId": balancer["CanonicalHostedZoneId"], **target})
    network_zone = zone.record(name="network", AliasTarget={"HostedZoneId": "Z2IFOLAFXWLO4F", **target})
    assert "alias target name does not lie within the target zone" in zone.refusal(CREATE=[network_zone])
    zone.submit(CREATE=[alias])
    assert zone.listed()[0]["AliasTarget"]["DNSName"] == f"{balancer['DNSName']}."
    assert "TTL" not in zone.listed()[0]


def test_records_come_in_pages_by_name_type_and_identifier(zone: Zone) -> None:
    names = ["b.a", "a", "a.b", "b"]
    zone.submit(CREATE=[zone.weighted(color, 1, name=name) for name in names for color in ("green", "blue")])
    pages = zone.route53.get_paginator("list_resource_record_sets").paginate(
        HostedZoneId=zone.id, PaginationConfig={"PageSize": 3}
    )
    paged = [
        (each["Name"].split(f".{zone.name}")[0], each.get("SetIdentifier"))
        for page in pages
        for each in page["ResourceRecordSets"]
    ]
    assert paged[2:] == [(name, color) for name in ("a", "b.a", "b", "a.b") for color in ("blue", "green")]
    first = zone.route53.list_resource_record_sets(
        HostedZoneId=zone.id, StartRecordName=f"b.{zone.name}", StartRecordType="A", MaxItems="1"
    )
    assert first["ResourceRecordSets"][0]["Name"] == f"b.{zone.name}."
    assert (first["NextRecordName"], first["NextRecordIdentifier"]) == (f"b.{zone.name}.", "green")


def test_a_search_by_name_lists_every_zone_from_there_on(lab: LabProcess) -> None:
    wanted, twin, later = (Zone(lab, name) for name in ("search.example.net", "search.example.net", "a.example.org"))
    found = wanted.route53.list_hosted_zones_by_name(DNSName="search.example.net", MaxItems="2")
    assert {each["Id"] for each in found["HostedZones"]} == {wanted.id, twin.id}
    assert (found["IsTruncated"], found["NextDNSName"]) == (True, "a.example.org.")
    assert f"/hostedzone/{found['NextHostedZoneId']}" == later.id
    missing = wanted.route53.list_hosted_zones_by_name(DNSName="search.example.nes", MaxItems="1")
    assert missing["HostedZones"][0]["Name"] == "search.example.net."


def test_each_change_has_an_id_of_its_own(zone: Zone) -> None:
    changes = [zone.submit(UPSERT=[zone.record(value=f"192.0.2.{number}")]) for number in (1, 2)]
    assert len(set(changes)) == 2
    assert refusal(zone.route53.get_change, Id="C0") == "NoSuchChange"


def test_a_zone_with_records_is_not_deleted(zone: Zone) -> None:
    zone.submit(CREATE=[zone.record()])
    with pytest.raises(ClientError, match="HostedZoneNotEmpty"):
        zone.route53.delete_hosted_zone(Id=zone.id)
    zone.submit(DELETE=[zone.record()])
    zone.route53.delete_hosted_zone(Id=zone.id)
    assert refusal(zone.route53.get_hosted_zone, Id=zone.id) == "NoSuchHostedZone"
