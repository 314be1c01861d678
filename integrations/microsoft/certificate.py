"""Read the PEM file with which an application signs in to Entra, and explain what is wrong with it.

msal signs with RSA and needs one unencrypted private key with its certificate. Any other content is
detected here, at the start, with a sentence on what to do.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from integrations.settings import WrongSetting
from store.rules.text.formatting import on_day

LARGEST = 256 * 1024
"""Bytes. A key with a chain of certificates has some ten thousand."""
WEAKEST = 2048
"""Bits. Entra does not accept a shorter key."""

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,60})-----(?:(?!-----).)+-----END \1-----", re.DOTALL)
_MAKE = "openssl req -x509 -newkey rsa:2048 -nodes"
_WANTED = "it must name a PEM file that holds the private key and its certificate"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A private key and its certificate, each as one PEM block."""

    key: str = field(repr=False)
    certificate: str


def checked_pem(path: Path, setting: str) -> str:
    """Return a file's private key and the certificate that belongs to it, as PEM.

    Raises:
        WrongSetting: names the setting, and what the file is instead or what it lacks.
    """
    try:
        found = parse_certificate(_text(path))
    except WrongSetting as wrong:
        raise WrongSetting(f"The setting {setting} cannot be used: {wrong}.") from None
    return f"{found.key}\n{found.certificate}\n"


def parse_certificate(pem: str, now: dt.datetime | None = None) -> Certificate:
    """Return the key and its certificate; other certificates of a chain are ignored.

    It has to be valid at ``now``. Raises ``WrongSetting``, whose text is the end of a sentence.
    """
    blocks = [(found[1], found[0]) for found in _PEM.finditer(pem)]
    keys = [block for kind, block in blocks if kind.endswith("PRIVATE KEY")]
    certificates = [block for kind, block in blocks if kind == "CERTIFICATE"]
    _check_parts(pem, [kind for kind, _ in blocks], len(keys), len(certificates))
    public = _public_key(keys[0])
    for block in certificates:
        found = _certificate(block)
        if _is_of(found, public):
            _check_valid(found, now or dt.datetime.now(dt.UTC))
            return Certificate(keys[0], block)
    raise WrongSetting(
        "the private key and the certificate in the file do not belong together; put the key of "
        "the certificate that was uploaded to the application in front of it"
    )


def _text(path: Path) -> str:
    if path.is_dir():
        raise WrongSetting(f"it names a folder; {_WANTED}")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise WrongSetting(f"there is no such file; {_WANTED}") from None
    except PermissionError:
        raise WrongSetting("Lantern may not read the file; give its account the right to") from None
    except OSError as error:
        raise WrongSetting(f"the file cannot be read ({error.strerror})") from None
    if not content.strip():
        raise WrongSetting(f"the file is empty; {_WANTED}")
    try:
        text = content[:LARGEST].decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or len(content) > LARGEST:
        raise WrongSetting(
            "the file is not text, as a .pfx, .p12, .der or .jks file is not; make a PEM file of "
            "it, of a .pfx with openssl pkcs12 -in lantern.pfx -nodes -out lantern.pem"
        )
    return text


def _check_parts(pem: str, kinds: list[str], keys: int, certificates: int) -> None:
    if "CERTIFICATE REQUEST" in kinds and not certificates:
        raise WrongSetting(
            "the file holds a request for a certificate instead of the certificate; put the one "
            "that was issued for it into the file"
        )
    if not kinds and "-----BEGIN " in pem:
        raise WrongSetting(
            "the file is cut off or damaged: a part begins and does not end; copy it again"
        )
    if not kinds:
        raise WrongSetting(f"the file is not a PEM file; {_WANTED}")
    if not keys:
        raise WrongSetting(
            "the private key is missing in the file; add it in front of the certificate"
        )
    if not certificates:
        raise WrongSetting("the certificate is missing in the file; add it after the private key")
    if keys > 1:
        raise WrongSetting("the file holds several private keys; leave the one of the certificate")


def _public_key(block: str) -> RSAPublicKey:
    try:
        key = load_pem_private_key(block.encode("ascii", "replace"), None)
    except TypeError:
        raise WrongSetting(
            "the private key is encrypted, and Lantern asks for no password; take the password "
            "off with openssl pkey -in key.pem -out plain.pem, and let Lantern's account alone "
            "read the file"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise WrongSetting(
            "the private key in the file is damaged, or of a kind that is not known here; make a "
            f"new one with {_MAKE}"
        ) from None
    if not isinstance(key, RSAPrivateKey):
        kind = type(key).__name__.removesuffix("PrivateKey")
        is_curve = isinstance(key, EllipticCurvePrivateKey)
        named = "an elliptic-curve key" if is_curve else f"a key of kind {kind}"
        raise WrongSetting(
            f"the private key is {named}, and Entra takes RSA keys alone; make a new one with "
            f"{_MAKE}, and upload its certificate"
        )
    if key.key_size < WEAKEST:
        raise WrongSetting(
            f"the private key has {key.key_size} bits, and Entra takes no fewer than {WEAKEST}; "
            f"make a new one with {_MAKE}, and upload its certificate"
        )
    return key.public_key()


def _certificate(block: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(block.encode("ascii", "replace"))
    except ValueError:
        raise WrongSetting("the certificate in the file is damaged; copy it again") from None


def _is_of(certificate: x509.Certificate, key: RSAPublicKey) -> bool:
    try:
        return certificate.public_key() == key
    except (ValueError, UnsupportedAlgorithm):
        return False


def _check_valid(certificate: x509.Certificate, now: dt.datetime) -> None:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if last < now:
        raise WrongSetting(
            f"the certificate expired on {on_day(last.date())} {last.year}; make a new one, upload "
            "it to the application, and put it into the file with its key"
        )
    if first > now:
        raise WrongSetting(
            f"the certificate is valid from {on_day(first.date())} {first.year} on; check the "
            "clock of this machine"
        )
