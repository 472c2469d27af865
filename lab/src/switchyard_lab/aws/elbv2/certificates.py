# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates of load balancers: what ACM issues or was given, and server certificates of IAM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from moto.acm import models as moto_acm
from moto.acm.exceptions import CertificateNotFound
from moto.elbv2.exceptions import ELBClientError
from moto.iam.models import iam_backends

from ...authority import Authority, KeyPair

PARTITION = "aws"
SECURE = ("HTTPS", "TLS")


class LabCertificate(moto_acm.CertBundle):
    """The lab's authority signs what ACM issues; moto would have each sign itself."""

    __module__ = moto_acm.__name__  # moto's class tracker derives the service from it
    authority: ClassVar[Authority]

    @classmethod
    def generate_cert(
        cls,
        domain_name: str,
        account_id: str,
        region: str,
        sans: list[str] | None = None,
        cert_authority_arn: str | None = None,
    ) -> LabCertificate:
        pair = cls.authority.issue(list(dict.fromkeys([domain_name, *(sans or [])])))
        private = cert_authority_arn is not None
        return cls(
            account_id,
            pair.certificate.encode(),
            pair.key.encode(),
            region=region,
            cert_type="PRIVATE" if private else "AMAZON_ISSUED",
            cert_status="ISSUED" if private else "PENDING_VALIDATION",
            cert_authority_arn=cert_authority_arn,
        )


def check_certificates(account: str, region: str, certificates: Iterable[str]) -> None:
    """ "The specified ARN does not refer to a valid SSL certificate in IAM or ACM" (CertificateNotFoundException)."""
    for arn in certificates:
        found = _find(account, region, arn)
        if found is None:
            raise ELBClientError("CertificateNotFound", f"Certificate '{arn}' not found")
        if getattr(found, "status", "ISSUED") != "ISSUED":
            raise ELBClientError(
                "UnsupportedCertificate",
                f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, and a "
                "supported key size.",
            )


def check_change_of_protocol(before: str, after: str, policy: str | None, certificates: Sequence[str]) -> None:
    """ "If you change the protocol from HTTP to HTTPS, or from TCP to TLS, you must add the security policy and default
    certificate properties" (ModifyListener). The sentence is the lab's."""
    if after in SECURE and before not in SECURE and not (policy and certificates):
        raise ELBClientError(
            "ValidationError", f"To change the protocol to {after}, specify a security policy and a default certificate"
        )


def key_pair(account: str, region: str, arn: str) -> KeyPair | None:
    """None for a certificate that was deleted; IAM deletes even those that are in use."""
    found = _find(account, region, arn)
    if found is None:
        return None
    if isinstance(found, moto_acm.CertBundle):
        chain = found.chain.removesuffix(moto_acm.AWS_ROOT_CA + b"\n")  # moto appends it to every chain
        return KeyPair((found.cert.strip() + b"\n" + chain).decode(), found.key.decode())
    return KeyPair("\n".join(filter(None, [found.cert_body, found.cert_chain])), found.private_key)


def _find(account: str, region: str, arn: str) -> Any:
    if ":acm:" not in arn:
        return iam_backends[account][PARTITION].get_certificate_by_arn(arn)
    try:
        return moto_acm.acm_backends[account][region].get_certificate(arn)
    except CertificateNotFound:
        return None
