"""Check single settings; each error says what the value must look like.

Each function takes a value and returns it normalised. pydantic wraps a ``ValueError``, whose text
``settings`` shows after the setting's name.
"""

from __future__ import annotations

import ipaddress
import re
import ssl
import warnings
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import HttpUrl, SecretStr, ValidationError
from redis import ConnectionPool, RedisError

from store.db.database import is_cut_in_its_password, usable_url
from store.rules.text.email_addresses import is_mail_address

_LOOPBACK = ("127.0.0.1", "localhost")


def usable_home(home: Path) -> Path:
    """Return the folder as an absolute path.

    Raises ``ValueError`` where it is a file, or begins with what only a shell would replace.
    """
    if home.parts[:1] and home.parts[0].startswith("~"):
        raise ValueError("it must be a whole path, such as /srv/lantern, since ~ is not replaced")
    if str(home) != str(home).strip():
        raise ValueError("it must not begin or end with a blank")
    if home.exists() and not home.is_dir():
        raise ValueError("it must name a folder, and is a file")
    return home.resolve()


_MAILTO = "mailto:"


def anchor_place(path: Path | None) -> Path | None:
    """Return the file, or the address after ``mailto:``, as it was named.

    Raises ``ValueError`` where it is a folder, or no plain address.
    """
    if path is not None and str(path).startswith(_MAILTO):
        if not is_mail_address(address_in(path)):
            raise ValueError("after mailto: it must be one plain email address")
    elif path is not None and path.is_dir():
        raise ValueError("it must name a file, and is a folder")
    return path


def address_in(path: Path) -> str:
    """Return the address of ``mailto:…``; '' for a file."""
    return str(path).removeprefix(_MAILTO) if str(path).startswith(_MAILTO) else ""


def known_database(url: str) -> str:
    """Return the address as SQLAlchemy takes it; '' for the embedded one. Raises ``ValueError``."""
    if not url:
        return ""
    usable = usable_url(url)
    if usable is None:
        raise ValueError(
            "it must look like sqlite:////path/lantern.db or postgresql://user@host/name"
        )
    if is_cut_in_its_password(usable):
        raise ValueError(
            "the user or password in it contains a character that ends it; write @ as %40, / as "
            "%2F, : as "
            "%3A, # as %23, ? as %3F and % as %25"
        )
    return usable


def known_redis(url: str) -> str:
    """Return the address, if redis-py understands it; '' for none. Raises ``ValueError``."""
    if not url:
        return ""
    try:
        pool = ConnectionPool.from_url(url)
        pool.make_connection()  # connects to nothing yet
    except ValueError:
        raise ValueError("it must look like redis://host:6379/0") from None
    except (TypeError, RedisError):
        raise ValueError(
            "Redis does not know the part after its question mark; correct it, or leave it out"
        ) from None
    number = urlsplit(url).path.strip("/")
    if not url.startswith("unix:") and number and not number.isdecimal():
        raise ValueError("it must look like redis://host:6379/0, with a number at its end")
    for name in ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile"):
        file = pool.connection_kwargs.get(name)
        if file and not Path(file).is_file():
            raise ValueError(f"its {name} must name a file that Lantern's account may read")
    _check_certificates(pool.connection_kwargs)
    return url


def _check_certificates(given: Mapping[str, object]) -> None:
    """Load what a connection would load: else it fails there, as if Redis were away."""
    context = ssl.create_default_context()
    authority, own, key = (given.get(f"ssl_{name}") for name in ("ca_certs", "certfile", "keyfile"))
    try:
        if authority:
            context.load_verify_locations(cafile=str(authority))
        if own:
            secret = given.get("ssl_password")
            context.load_cert_chain(str(own), str(key) if key else None, lambda: str(secret or ""))
    except (OSError, ValueError):  # an ``ssl.SSLError`` is an ``OSError``
        raise ValueError(
            "its ssl_ca_certs must be a PEM file of certificates, and its ssl_certfile and "
            "ssl_keyfile a certificate with its own key"
        ) from None


def addresses(listed: str) -> str:
    """Return addresses and networks, separated by commas. Raises ``ValueError``.

    Not ``*``: anyone could then say that they are anyone.
    """
    for each in parts(listed):
        try:
            ipaddress.ip_network(each)
        except ValueError:
            raise ValueError(
                "it must be addresses or networks, as in 10.0.0.5,172.16.0.0/12"
            ) from None
    return ",".join(parts(listed))


def check_public_address(url: str) -> str:
    """Return an https address without a path; '' for none. Raises ``ValueError``.

    For this machine, http is allowed too.
    """
    wanted = "it must look like https://lantern.example.ac.uk, without anything after it"
    if not url:
        return ""
    try:
        parsed = HttpUrl(url)
    except ValidationError:
        raise ValueError(wanted) from None
    is_bare = (parsed.path, parsed.query, parsed.fragment) == ("/", None, None)
    if not is_bare or parsed.username or parsed.password:
        raise ValueError(wanted)
    if parsed.scheme != "https" and parsed.host not in _LOOPBACK:
        raise ValueError(wanted)
    return str(parsed).rstrip("/")


def collector_address(url: str) -> str:
    """Return the address of a collector of traces, as it was given; '' for none.

    Raises ``ValueError`` where it is none, or where the packages that send traces are missing.
    """
    if not url:
        return ""
    try:
        parsed = HttpUrl(url)
    except ValidationError:
        parsed = None
    if parsed is None or parsed.query or parsed.fragment or parsed.username or parsed.password:
        raise ValueError("it must look like http://collector.example.ac.uk:4318")
    if not find_spec("opentelemetry") or not find_spec("opentelemetry.sdk"):
        raise ValueError("traces need some more packages. In a clone: pip install '.[traces]'")
    return url


def header_pairs(pairs: SecretStr | None) -> SecretStr | None:
    """Return names and values of HTTP headers, as they were given. Raises ``ValueError``."""
    if pairs is not None:
        each_pair = pairs.get_secret_value().split(",")
        if not all(re.fullmatch(r"\s*[\w-]+=[!-~ ]+", each) for each in each_pair):
            raise ValueError("it must look like NAME=VALUE, with a comma between two")
    return pairs


def cloud_address(url: str) -> str:
    """Return an https address of Microsoft's, as it was given. Raises ``ValueError``."""
    wanted = "it must look like https://graph.microsoft.com/v1.0, of the cloud that you use"
    try:
        parsed = HttpUrl(url)
    except ValidationError:
        raise ValueError(wanted) from None
    if parsed.scheme != "https" and parsed.host not in _LOOPBACK:
        raise ValueError(wanted)
    return url


def host_name(host: str) -> str:
    """Return the name or address of a server; '' for none. Raises ``ValueError``."""
    if host and not re.fullmatch(r"[\w.-]+|\[?[0-9A-Fa-f:.]+\]?", host):
        raise ValueError(
            "it must be a server's name alone, such as smtp.example.ac.uk, without a scheme or port"
        )
    return host


def usable_pattern(pattern: str) -> str:
    """Return the regular expression. Raises ``ValueError`` where it is not valid."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError, FutureWarning):
        raise ValueError("it must be a regular expression, such as [0-9]{8}") from None
    return pattern


def secret_of(characters: int) -> Callable[[SecretStr | None], SecretStr | None]:
    """Return a check that a secret has at least so many characters. It raises ``ValueError``."""

    def check(secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < characters:
            raise ValueError(f"it must be a secret of at least {characters} characters")
        return secret

    return check


def strong_keys(keys: SecretStr | None) -> SecretStr | None:
    """Return one key or several, each of at least 32 characters. Raises ``ValueError``."""
    if keys is not None and any(len(each) < 32 for each in each_key(keys)):
        raise ValueError("it must be secrets of at least 32 characters, the newest first")
    return keys


def lrs_keys(pairs: SecretStr | None) -> SecretStr | None:
    """Return a key and a secret for each source, as they were given. Raises ``ValueError``."""
    if pairs is not None:
        each_pair = pairs.get_secret_value().split()
        is_usable = all(re.fullmatch(r"[a-z0-9-]+=[^:]+:.+", each) for each in each_pair)
        if not is_usable or len(keys_by_source(pairs)) < len(each_pair):
            raise ValueError(
                "it must look like vle=KEY:SECRET, once for each source, with a blank between two"
            )
    return pairs


def feed_keys(pairs: SecretStr | None) -> SecretStr | None:
    """Return a key for each source, as they were given. Raises ``ValueError``."""
    if pairs is not None:
        each_pair = pairs.get_secret_value().split()
        is_usable = all(re.fullmatch(r"[a-z0-9-]+=[!-~]{32,}", each) for each in each_pair)
        found = senders(pairs)
        if not is_usable or not len(set(found.values())) == len(found) == len(each_pair):
            raise ValueError(
                "it must look like vle=KEY, once for each source, each KEY of at least 32 "
                "characters and another one, with a blank between two"
            )
    return pairs


def senders(pairs: SecretStr) -> dict[str, str]:
    """Map each source to the key with which it sends."""
    parted = (each.partition("=") for each in pairs.get_secret_value().split())
    return {source: key for source, _, key in parted}


def keys_by_source(pairs: SecretStr) -> dict[str, tuple[str, str]]:
    """Map each source to its key and secret."""
    found = {}
    for each in pairs.get_secret_value().split():
        source, _, pair = each.partition("=")
        key, _, secret = pair.partition(":")
        found[source] = key, secret
    return found


def usable_engine(name: str) -> str:
    """Return the engine for measures as it was named. Raises ``ValueError``."""
    if not re.fullmatch(r"duckdb|spark|spark://[a-z0-9.-]+:[0-9]+", name):
        raise ValueError(
            "it must be duckdb, spark (on this machine), or a cluster such as spark://host:7077"
        )
    return name


def mail_addresses(listed: str) -> str:
    """Check a comma-separated list of plain addresses. Raises ``ValueError``."""
    if not all(is_mail_address(each) for each in parts(listed)):
        raise ValueError("it must be plain email addresses, separated by commas")
    return listed


def mail_domains(listed: str) -> str:
    """Check a comma-separated list of domains. Raises ``ValueError``."""
    if not all(is_mail_address(f"someone@{each}") for each in parts(listed)):
        raise ValueError("it must be domains such as example.ac.uk, separated by commas")
    return listed


def parts(listed: str) -> list[str]:
    """Split a comma-separated list, in lower case."""
    return [part.strip().casefold() for part in listed.split(",") if part.strip()]


def each_key(listed: SecretStr) -> tuple[str, ...]:
    """Split a comma-separated list of keys, unchanged."""
    return tuple(each.strip() for each in listed.get_secret_value().split(","))
