"""A certificate file that cannot sign in is refused at the start, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from integrations.chat.teams import credentials as teams
from integrations.mail.graph import credentials as graph
from integrations.mail.graph.tokens import Tokens
from integrations.mail.interface import MailError
from integrations.microsoft.certificate import checked_pem, parse_certificate
from integrations.settings import WrongSetting, load_settings
from tests.fakes.graph.entra import CLIENT, TENANT, certificate
from tests.integrations.graph_post import account

PEM = serialization.Encoding.PEM
PASSWORD = b"hush-hush"
RSA = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
WEAK = rsa.generate_private_key(65537, 1024)  # noqa: S505 -- it must be refused
CURVE = ec.generate_private_key(ec.SECP256R1())
EDWARDS = ed25519.Ed25519PrivateKey.generate()
TODAY = dt.datetime.now(dt.UTC)


def key_of(key: Any, *, password: bytes = b"", old: bool = False) -> str:
    """Return a private key as a PEM block; ``old`` in openssl's form before PKCS 8."""
    form = serialization.PrivateFormat.TraditionalOpenSSL if old else None
    hidden: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    made: bytes = key.private_bytes(PEM, form or serialization.PrivateFormat.PKCS8, hidden)
    return made.decode()


def issued(key: Any, start: dt.datetime = TODAY, days: int = 100) -> x509.Certificate:
    """Return a certificate of this key, valid from the day before ``start``."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lantern")])
    first = start - dt.timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    dated = builder.not_valid_before(first).not_valid_after(first + dt.timedelta(days=days))
    signed = dated.public_key(key.public_key())
    return signed.sign(key, None if key is EDWARDS else hashes.SHA256())


def certificate_of(key: Any, start: dt.datetime = TODAY, days: int = 100) -> str:
    return issued(key, start, days).public_bytes(PEM).decode()


def request_of(key: Any) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lantern")])
    made = x509.CertificateSigningRequestBuilder().subject_name(name)
    return made.sign(key, hashes.SHA256()).public_bytes(PEM).decode()


def pfx() -> bytes:
    hidden = serialization.BestAvailableEncryption(PASSWORD)
    return pkcs12.serialize_key_and_certificates(b"lantern", RSA, issued(RSA), None, hidden)


ISSUED = certificate_of(RSA)
WRONG: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "encrypted": (lambda: key_of(RSA, password=PASSWORD) + ISSUED, "encrypted"),
    "encrypted of old": (lambda: key_of(RSA, password=PASSWORD, old=True) + ISSUED, "encrypted"),
    "elliptic curve": (lambda: key_of(CURVE) + certificate_of(CURVE), "elliptic-curve"),
    "elliptic curve of old": (
        lambda: key_of(CURVE, old=True) + certificate_of(CURVE),
        "elliptic-curve",
    ),
    "edwards curve": (lambda: key_of(EDWARDS) + certificate_of(EDWARDS), "Ed25519"),
    "weak": (lambda: key_of(WEAK) + certificate_of(WEAK), "1024 bits"),
    "no key": (lambda: ISSUED, "private key is missing"),
    "no certificate": (lambda: key_of(RSA), "certificate is missing"),
    "public key": (
        lambda: (
            RSA.public_key()
            .public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        ),
        "private key is missing",
    ),
    "request": (lambda: key_of(RSA) + request_of(RSA), "request for a certificate"),
    "of another": (lambda: key_of(OTHER) + ISSUED, "do not belong together"),
    "two keys": (lambda: key_of(RSA) + key_of(OTHER) + ISSUED, "several private keys"),
    "expired": (
        lambda: key_of(RSA) + certificate_of(RSA, TODAY - dt.timedelta(days=400)),
        "expired on",
    ),
    "not yet": (
        lambda: key_of(RSA) + certificate_of(RSA, TODAY + dt.timedelta(days=30)),
        "valid from",
    ),
    "cut off": (lambda: key_of(RSA)[:-40], "cut off"),
    "damaged key": (lambda: _damaged(key_of(RSA)) + ISSUED, "damaged"),
    "damaged certificate": (lambda: key_of(RSA) + _damaged(ISSUED), "certificate in the file is"),
    "pfx": (pfx, "openssl pkcs12"),
    "der": (lambda: issued(RSA).public_bytes(serialization.Encoding.DER), "not text"),
    "words": (lambda: "my certificate", "not a PEM file"),
    "empty": (lambda: "", "is empty"),
}


def _damaged(pem: str) -> str:
    lines = pem.splitlines()
    return "\n".join([lines[0], "AAAA" * 16, *lines[2:], ""])


def _refused(path: Path) -> list[str]:
    """Return the sentences of both services that sign in with the file."""
    mail = {"graph_tenant_id": TENANT, "graph_client_id": CLIENT, "graph_certificate": path}
    chat = {"teams_client_id": CLIENT, "teams_tenants": TENANT, "teams_certificate": path}
    sentences = []
    with pytest.raises(WrongSetting) as refused:
        graph.account_of(load_settings(**mail))
    sentences.append(str(refused.value))
    with pytest.raises(WrongSetting) as refused:
        teams.account_of(load_settings(**chat))
    sentences.append(str(refused.value))
    return sentences


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_with_the_file_is_said(tmp_path: Path, wrong: str) -> None:
    made, words = WRONG[wrong]
    content = made()
    path = tmp_path / "lantern.pem"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for setting, sentence in zip(("GRAPH", "TEAMS"), _refused(path), strict=True):
        assert sentence.startswith(f"The setting {setting}_CERTIFICATE cannot be used: ")
        assert words in sentence
        assert sentence.endswith(".")
        assert "Error" not in sentence
        assert "BEGIN" not in sentence
        assert str(tmp_path) not in sentence


def test_a_file_that_is_not_there_or_not_a_file_is_said(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none.pem", "no such file"), (tmp_path, "a folder")):
        assert all(words in sentence for sentence in _refused(path))


@pytest.mark.parametrize("first", ["key", "certificate"])
@pytest.mark.parametrize("old", [False, True])
def test_key_and_certificate_may_stand_in_any_order_and_among_others(
    tmp_path: Path, first: str, old: bool
) -> None:
    parts = [key_of(RSA, old=old), f"Bag Attributes: é\r\n{certificate_of(OTHER)}", ISSUED]
    path = tmp_path / "lantern.pem"
    path.write_text("".join(parts if first == "key" else reversed(parts)), encoding="utf-8")

    found = parse_certificate(checked_pem(path, "GRAPH_CERTIFICATE"))

    assert found.certificate.strip() == ISSUED.strip()
    assert "PRIVATE" not in repr(found)


def test_a_certificate_that_expires_while_lantern_runs_is_said_too() -> None:
    old = key_of(RSA) + certificate_of(RSA, TODAY - dt.timedelta(days=400))
    with pytest.raises(MailError, match="Lantern cannot sign in: the certificate expired on") as it:
        Tokens(account(secret="", certificate=old)).token()
    assert it.value.waits


def test_the_usual_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "lantern.pem"
    path.write_text(certificate())
    path.chmod(0o600)
    assert parse_certificate(checked_pem(path, "GRAPH_CERTIFICATE")).certificate in certificate()
