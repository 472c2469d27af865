# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate authority of a lab: it issues what ACM issues, and signs what tests import."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CERTIFICATE_FILE, KEY_FILE = "ca.pem", "ca-key.pem"
TITLE = "Switchyard lab"
VALID = timedelta(days=395)  # "ACM certificates are valid for 13 months (395 days)" (ACM User Guide, characteristics)


@dataclass(frozen=True)
class KeyPair:
    """A certificate and its private key, both in PEM."""

    certificate: str
    key: str


class Authority:
    """Its certificate is in ``ca.pem`` of a directory, for the clients that are to trust it."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self._certificate = certificate
        self._key = key

    @classmethod
    def create(cls, directory: Path) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named(TITLE)
        builder = _valid(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        certificate = builder.add_extension(_usage(signs_certificates=True), critical=True).sign(key, hashes.SHA256())
        directory.mkdir(parents=True, exist_ok=True)
        (directory / CERTIFICATE_FILE).write_text(_pem(certificate), encoding="ascii")
        secret = directory / KEY_FILE
        secret.touch(mode=0o600)
        secret.write_text(_pem_of_key(key), encoding="ascii")
        return cls(certificate, key)

    @classmethod
    def load(cls, directory: Path) -> Authority:
        key = serialization.load_pem_private_key((directory / KEY_FILE).read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(x509.load_pem_x509_certificate((directory / CERTIFICATE_FILE).read_bytes()), key)

    def issue(self, names: Sequence[str]) -> KeyPair:
        """For host names (``*.example.com`` as well) and addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _valid(_named(names[0]), self._certificate.subject, key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        return KeyPair(_pem(builder.sign(self._key, hashes.SHA256())), _pem_of_key(key))


def names_in(certificate: str) -> list[str]:
    """The host names that it is for."""
    read = x509.load_pem_x509_certificate(certificate.encode())
    try:
        alternatives = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return [str(each.value) for each in read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return alternatives.get_values_for_type(x509.DNSName)


def server_context(pair: KeyPair) -> ssl.SSLContext:
    """The ssl module reads certificates from files only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
        file.write(f"{pair.certificate}\n{pair.key}")
        file.flush()
        context.load_cert_chain(file.name)
    return context


def trusting(ca: Path | None) -> ssl.SSLContext:
    """For clients: they trust this authority, or those that the system trusts."""
    return ssl.create_default_context(cafile=ca)


def self_signed(name: str) -> KeyPair:
    """As many an instance has: the load balancer does not ask who signed it."""
    key, named = ec.generate_private_key(ec.SECP256R1()), _named(name)
    return KeyPair(_pem(_valid(named, named, key).sign(key, hashes.SHA256())), _pem_of_key(key))


def _valid(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
