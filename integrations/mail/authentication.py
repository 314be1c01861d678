"""Read what a mail server found out about the sender of a message (RFC 8601, RFC 7208)."""

from __future__ import annotations

from collections.abc import Mapping

RESULTS, SPF = "authentication-results", "received-spf"
_LONGEST = 2_000


def fails_authentication(headers: Mapping[str, str]) -> bool:
    """Return whether the sender in ``From`` certainly or probably did not send the message.

    ``headers`` have lower-case names and hold the topmost header of each, which the school's own
    server wrote: those below it may be the sender's. Without a result nothing is claimed.
    Exchange's own verdict (``compauth``) counts first, then the domain's policy (DMARC, RFC 7489).
    Where the domain has none, a failed SPF counts unless a signature is right: forwarding breaks
    the one and keeps the other.
    """
    found = _results(headers.get(RESULTS, "")[:_LONGEST])
    if "compauth" in found:
        # It has no result where a gateway stands before Exchange, which breaks the other methods.
        return found["compauth"] == "fail"
    if found.get("dmarc") in ("pass", "fail", "bestguesspass"):
        return found["dmarc"] == "fail"
    if not found:
        return headers.get(SPF, "").strip().casefold().startswith("fail")
    return found.get("spf") == "fail" and found.get("dkim") != "pass"


def _results(header: str) -> dict[str, str]:
    """Map each method to its result; of several signatures one that is right counts."""
    found: dict[str, str] = {}
    for each in header.split(";"):
        method, is_result, result = each.strip().partition("=")
        words = result.casefold().split()
        name = method.strip().casefold().rpartition(" ")[2]
        if is_result and words and found.get(name) != "pass":
            found[name] = words[0]
    return found
