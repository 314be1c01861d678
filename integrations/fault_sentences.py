"""Explain an error that an operator can fix in one sentence: what happened and what to do.

The command line, pages and the log all show the same sentence. An error's own text is never used,
except of types written for people: it may quote an address, a row or a person.
"""

from __future__ import annotations

import errno
import socket
import ssl

import httpx
from redis import exceptions as redis

from integrations.error_summary import GOES_THROUGH, unforeseen
from integrations.service_error import ServiceError
from integrations.settings import WrongSetting
from store.db import fault_sentences as database
from store.encryption import SealBroken
from store.rules.errors import CaseworkError

REDIS_AWAY = (
    "The Redis of REDIS_URL cannot be reached; check the server and the address, which begins with "
    "rediss:// where the server speaks TLS, and else with redis://."
)
REDIS_CERTIFICATE = (
    "The certificate of the Redis of REDIS_URL is not accepted; name the file of its own "
    "authority at the end of the address, ?ssl_ca_certs=FILE, and check the host's name and this "
    "machine's clock."
)
REDIS_REFUSES = "Redis refuses the user or password of REDIS_URL; correct them, and start again."
REDIS_READ_ONLY = (
    "Redis is read-only; set REDIS_URL to the primary server. If Redis stopped writing because "
    "of its disk, repair the disk."
)
REDIS_FULL = "Redis has no memory left; give it more (maxmemory), and Lantern continues by itself."
REDIS_BUSY = (
    "Redis accepts no more connections now; wait a minute, and raise its limit of clients "
    "if this happens often."
)
REDIS_NOT_READY = (
    "Redis is not ready: it is loading, has lost its primary server, or is running a script. "
    "Lantern continues by itself; check the server if this lasts."
)
REDIS_CLUSTER = (
    "REDIS_URL names a Redis cluster, which Lantern cannot use; set it to a single Redis server."
)
REDIS_PROTECTED = (
    "Redis accepts connections only from its own machine; set a password there, and put it into "
    "REDIS_URL."
)
REDIS_NO_RIGHT = (
    "Redis does not let Lantern do this; give the user of REDIS_URL all commands on all keys."
)
REDIS_NO_DATABASE = "Redis has no database of the number in REDIS_URL; name another, such as /0."
REDIS_WRONG = "Redis refused a command; check that REDIS_URL names a current version of Redis."

DISK_FULL = (
    "The disk of LANTERN_HOME is full; make room on it, and run it again. What was there before is "
    "unchanged."
)
DISK_CLOSED = (
    "Lantern may not read or write a file or folder; give Lantern's account the right to read "
    "and write in LANTERN_HOME, and in the folder that you named."
)
DISK_READ_ONLY = "The disk of LANTERN_HOME is read-only; mount it writable, and run it again."
DISK_GONE = (
    "A file or folder does not exist; check LANTERN_HOME and the folder that you named, and run "
    "the command again."
)
DISK_NOT_A_FOLDER = (
    "There is a file where a folder should be, or a folder where a file should; move it away from "
    "LANTERN_HOME, or from the folder that you named, and run it again."
)
DISK_TOO_MANY = (
    "Too many files are open; raise the limit of open files of Lantern's account, and restart it."
)
DISK_AWAY = (
    "The disk of LANTERN_HOME is on the network and cannot be reached; mount it again, and run it "
    "again."
)
NAME_TOO_LONG = (
    "The name of a file or folder is longer than the disk allows; choose a LANTERN_HOME, or a "
    "folder, with a shorter path."
)
LINKS_IN_A_CIRCLE = (
    "A symbolic link leads back to itself; remove the link, or name the file that it should lead "
    "to."
)
IN_USE = (
    "Another program uses a file, folder or port that Lantern needs; close that program, and "
    "run the command again."
)
DISK_BROKEN = "The disk of LANTERN_HOME fails to read or write; check the disk, and run it again."
NETWORK = (
    "A service cannot be reached over the network; check the network and the service, and try "
    "again."
)
CERTIFICATE = (
    "The certificate of a service is not accepted; check the address in the settings, the proxy "
    "and this machine's clock."
)
TOO_MANY_AT_ONCE = (
    "The system starts no more threads or processes; raise the limit of Lantern's account, and "
    "restart it."
)
CUT_OFF = (
    "A job took longer than its limit and was ended; what it did stays done, and Lantern "
    "continues with the rest by itself. If this comes often, give the machine more processors."
)
NO_MEMORY = "There is no memory left on this machine; close other programs or give it more."

_DISK = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), DISK_FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM), DISK_CLOSED),
    errno.EROFS: DISK_READ_ONLY,
    errno.ENOENT: DISK_GONE,
    **dict.fromkeys((errno.ENOTDIR, errno.EISDIR, errno.EEXIST), DISK_NOT_A_FOLDER),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), DISK_TOO_MANY),
    **dict.fromkeys((errno.EIO, errno.ENXIO), DISK_BROKEN),
    **dict.fromkeys((errno.ESTALE, errno.ENOTCONN, errno.ENODEV, errno.ENOLCK), DISK_AWAY),
    errno.ENAMETOOLONG: NAME_TOO_LONG,
    errno.ELOOP: LINKS_IN_A_CIRCLE,
    **dict.fromkeys((errno.EBUSY, errno.ETXTBSY, errno.EADDRINUSE), IN_USE),
    **dict.fromkeys((errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETUNREACH), NETWORK),
    **dict.fromkeys((errno.ENETDOWN, errno.EADDRNOTAVAIL), NETWORK),
    errno.EAGAIN: TOO_MANY_AT_ONCE,
    errno.ENOMEM: NO_MEMORY,
}
_REDIS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str], ...] = (
    # Subclasses first; a text where the type alone is not enough.
    ((redis.AuthenticationError, redis.AuthenticationWrongNumberOfArgsError), "", REDIS_REFUSES),
    (redis.ResponseError, "WRONGPASS", REDIS_REFUSES),
    (redis.ResponseError, "NOAUTH", REDIS_REFUSES),
    ((redis.BusyLoadingError, redis.MasterDownError, redis.TryAgainError), "", REDIS_NOT_READY),
    (redis.ResponseError, "NOREPLICAS", REDIS_NOT_READY),
    (redis.ResponseError, "BUSY ", REDIS_NOT_READY),
    (redis.ResponseError, "MASTERDOWN", REDIS_NOT_READY),
    ((redis.ClusterDownError, redis.AskError), "", REDIS_CLUSTER),
    (redis.ResponseError, "MOVED", REDIS_CLUSTER),
    (redis.MaxConnectionsError, "", REDIS_BUSY),
    (redis.RedisError, "max number of clients", REDIS_BUSY),
    (redis.RedisError, "protected mode", REDIS_PROTECTED),
    (redis.RedisError, "CERTIFICATE_VERIFY_FAILED", REDIS_CERTIFICATE),
    (redis.InvalidResponse, "", REDIS_WRONG),
    ((redis.ConnectionError, redis.TimeoutError), "", REDIS_AWAY),
    (redis.ReadOnlyError, "", REDIS_READ_ONLY),
    (redis.ResponseError, "MISCONF", REDIS_READ_ONLY),
    (redis.OutOfMemoryError, "", REDIS_FULL),
    (redis.NoPermissionError, "", REDIS_NO_RIGHT),
    (redis.ResponseError, "DB index", REDIS_NO_DATABASE),
    (redis.ResponseError, "", REDIS_WRONG),
)
REDIS_WRONG_ADDRESS = frozenset({REDIS_REFUSES, REDIS_NO_RIGHT, REDIS_NO_DATABASE})
"""Errors that do not pass by themselves, because REDIS_URL itself is wrong."""
SEALED_OTHERWISE = (
    "Something that is stored was sealed with a key that ENCRYPTION_KEY does not have. Put the "
    "older key back into it, after the newer one and a comma."
)
_DUCKDB = (
    ("No space left", DISK_FULL),
    ("File too large", DISK_FULL),
    ("Permission denied", DISK_CLOSED),
    ("Read-only file system", DISK_READ_ONLY),
    ("Too many open files", DISK_TOO_MANY),
    ("Input/output error", DISK_BROKEN),
    ("Stale file handle", DISK_AWAY),
    ("Cannot allocate memory", NO_MEMORY),
)


def fault_sentence(error: BaseException) -> str | None:
    """Return the sentence for an error that an operator can fix; None for an unexpected one."""
    if isinstance(error, BaseExceptionGroup):
        return fault_sentence(error.exceptions[0])
    if isinstance(error, ServiceError):
        text = str(error).rstrip(".")
        return f"{text[:1].upper()}{text[1:]}."
    if isinstance(error, CaseworkError | WrongSetting):  # one may begin with a file's name
        return str(error)
    if isinstance(error, GOES_THROUGH):
        return NO_MEMORY if isinstance(error, MemoryError) else CUT_OFF
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return TOO_MANY_AT_ONCE
    places = (database.sentence_of, _of_redis, _of_network, _of_disk, _of_seal)
    return next(filter(None, (place(error) for place in places)), None)


def sentence(error: BaseException) -> str:
    """Return a sentence on any error, safe to show: without an unexpected error's own text."""
    return fault_sentence(error) or unforeseen(error)


def _of_redis(error: BaseException) -> str | None:
    found = (said for kind, part, said in _REDIS if isinstance(error, kind) and part in str(error))
    return next(found, None)


def _of_seal(error: BaseException) -> str | None:
    return SEALED_OTHERWISE if isinstance(error, SealBroken) else None


def _of_network(error: BaseException) -> str | None:
    if isinstance(error, ssl.SSLError):
        return CERTIFICATE
    if isinstance(error, httpx.RequestError | ConnectionError | TimeoutError | socket.gaierror):
        return NETWORK
    return None


def _of_disk(error: BaseException) -> str | None:
    if isinstance(error, OSError):
        return _DISK.get(error.errno or 0)
    if type(error).__module__.partition(".")[0] in ("duckdb", "_duckdb"):
        if type(error).__name__ == "OutOfMemoryException":
            return NO_MEMORY
        return next((said for part, said in _DUCKDB if part in str(error)), None)
    return None
