"""The allow-list of hosts to which Lantern's access token may be sent."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit


def service_url_of(url: object, hosts: Collection[str], *, insecure: bool = False) -> str | None:
    """Return a service URL in its normal form, ``https://host/path``; None where not allowed.

    Only whole host names are compared: anyone can register a name below ``trafficmanager.net``.
    ``insecure`` allows plain http with any port, for the playground on this machine.
    """
    if not isinstance(url, str) or not url.isascii() or any(c in url for c in "\\@?# \t\r\n"):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if host not in hosts or (parts.scheme != "http" if insecure else parts.scheme != "https"):
        return None
    if port is not None and not insecure:
        return None
    if ".." in parts.path or "%" in parts.path:
        return None
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
