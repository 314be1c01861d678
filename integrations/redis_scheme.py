"""Find out that REDIS_URL begins with the wrong scheme: the server speaks TLS, or speaks none.

With the wrong one a connection only waits, or is closed without a word, which looks like a server
that is away and never passes.
"""

from __future__ import annotations

import socket
import ssl

from redis import Redis, SSLConnection

SECONDS = 1
SPEAKS_TLS = (
    "The setting REDIS_URL cannot be used: the server speaks TLS; let the address begin with "
    "rediss:// instead of redis://."
)
SPEAKS_NO_TLS = (
    "The setting REDIS_URL cannot be used: the server speaks no TLS; let the address begin with "
    "redis:// instead of rediss://, or name the port on which it does."
)


def wrong_scheme(client: Redis) -> str:
    """Return a sentence if REDIS_URL has the wrong scheme, with TLS or without; else ''.

    Nothing of the address but host and port is used, and no password is sent.
    """
    pool = client.connection_pool
    host, port = pool.connection_kwargs.get("host"), pool.connection_kwargs.get("port")
    if host is None or port is None:  # a socket's file
        return ""
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as plain:
            if issubclass(pool.connection_class, SSLConnection):
                plain.sendall(b"PING\r\n")
                return SPEAKS_NO_TLS if plain.recv(1) in (b"+", b"-") else ""
            with _any_tls().wrap_socket(plain, server_hostname=host):
                return SPEAKS_TLS
    except (OSError, ValueError):
        return ""


def _any_tls() -> ssl.SSLContext:
    """Return a TLS context that accepts any certificate: it only finds out whether the server
    speaks TLS, and nothing is sent over it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
