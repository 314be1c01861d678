"""A student's link as mail programs and gateways write it, and as they fold its line."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import quopri
import re
import string
import zlib
from collections.abc import Callable
from html import escape
from urllib.parse import quote

from store.rules.students.links import LinkPurpose
from store.signed_links import StudentLink, StudentLinks

SERVER = "https://lantern.example.ac.uk"
LINKS = StudentLinks([b"an invented key of 32 characters"], SERVER)


def link_of(mail: int) -> str:
    at = dt.datetime(2025, 10, 22, tzinfo=dt.UTC)
    return LINKS.address_of(StudentLink(mail, list(LinkPurpose)[mail % 6]), at)


def each(write: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "".join(map(write, text))


def wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter


def percent(text: str) -> str:
    return quote(text, safe="")


def proofpoint(text: str) -> str:
    special = each(lambda c: c if c.isalnum() or c in "./" else f"-{ord(c):02X}")(text)
    return special.replace("/", "_")


GAPPED = "https://urldefense.com/v3/__"
GAPS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


def proofpoint_3(text: str) -> str:
    """Replace runs of special characters by a star or two and their number."""
    left_out = re.findall(r"[?&=%+~_*#;-]+", text)
    numbers = iter("*" if len(run) == 1 else f"**{GAPS[len(run) - 2]}" for run in left_out)
    gapped = re.sub(r"[?&=%+~_*#;-]+", lambda _: next(numbers), text)
    letters = base64.urlsafe_b64encode("".join(left_out).encode()).decode().rstrip("=")
    return f"{GAPPED}{gapped}__;{letters}!!invented!abc$"


def soft_lines(text: str) -> str:
    return quopri.encodestring(text.encode(), quotetabs=True).decode()


def some(write: Callable[[str], str], chosen: str) -> Callable[[str], str]:
    return each(lambda c: write(c) if c in chosen else c)


LETTERWISE: dict[str, Callable[[str], str]] = {
    "percent": percent,
    "small percent": some(lambda c: f"%{ord(c):02x}", "%/:.-_?=&"),
    "percent of everything": each(lambda c: f"%{ord(c):02X}"),
    "entities": each(lambda c: f"&#{ord(c)};"),
    "hexadecimal entities": each(lambda c: f"&#x{ord(c):X};"),
    "some entities": some(lambda c: f"&#{ord(c)};", "/.=:&"),
    "named entities": lambda text: escape(text).replace("/", "&sol;").replace(".", "&period;"),
    "quoted-printable": some(lambda c: f"={ord(c):02X}", "=-_./"),
    "proofpoint 2": proofpoint,
    "json": some(lambda c: f"\\u{ord(c):04x}", "/&=.-"),
    "slashes of json": lambda text: text.replace("/", "\\/"),
    "quoted-printable in lines": soft_lines,
    "markdown": some(lambda c: f"\\{c}", "_-."),
    "octal": each(lambda c: f"\\{ord(c):03o}"),
    "wide forms in percent": each(lambda c: quote(wide(c))),
    "what is not visible in percent": each(lambda c: f"{c}%E2%80%8B"),
    "dots in words": lambda text: text.replace("http", "hxxp").replace(".", "[dot]"),
    "seventh form of Unicode": some(
        lambda c: f"+{base64.b64encode(c.encode('utf-16-be')).decode()[:3]}-", "_=&%"
    ),
    "defused": lambda text: text.replace("http", "hxxp").replace(".", "[.]"),
}


WHOLE: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for addresses": lambda text: (
        base64.urlsafe_b64encode(text.encode()).decode().strip("=")
    ),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base64 of UTF-16, big end first": lambda text: base64.b64encode(
        text.encode("utf-16-be")
    ).decode(),
    "packed without a name": lambda text: base64.b64encode(zlib.compress(text.encode())).decode(),
    "packed": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "base64 in lines": lambda text: base64.encodebytes(text.encode()).decode().strip(),
    "encoded word": lambda text: f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?=",
}


AROUND: dict[str, tuple[str, str]] = {
    "safe links": (
        "https://eur01.safelinks.protection.outlook.com/?url=",
        "&data=05%7C02&reserved=0",
    ),
    "proofpoint 2": ("https://urldefense.proofpoint.com/v2/url?u=", "&d=DwMFaQ&c=invented&e="),
    "proofpoint 3": ("https://urldefense.com/v3/__", "__;JSUl!!invented!abc$"),
    "barracuda": ("https://linkprotect.cudasvc.com/url?a=", "&c=E,1,invented&typo=1"),
    "sophos": ("https://eu-west-1.protection.sophos.com?d=example.ac.uk&u=", "&i=NWFi&t=abc"),
    "proofpoint 1": ("https://urldefense.proofpoint.com/v1/url?u=", "&k=invented%3D%3D%0A&r=abc"),
    "fireeye": ("https://protect2.fireeye.com/v1/url?k=0a1b2c&q=1&e=7d6e&u=", ""),
    "trend micro": ("https://ctp.trendmicro.com/wis/clicktime/v1/query?url=", "&umid=0A1B&auth=9f"),
    "symantec": ("https://clicktime.symantec.com/3Invented7GmPQ?u=", ""),
    "esva": ("https://urlsand.esvalabs.com/?u=", "&e=0a1b&h=2c3d&f=y&p=y"),
    "teams": ("https://statics.teams.cdn.office.net/safelinks/1/x.html?url=", "&locale=en-gb"),
    "amazon": ("https://invented.r.eu-west-1.awstrack.me/L0/0", "/1/0102018f-000000/abc=123"),
    "search engine": ("https://www.google.com/url?q=", "&sa=D&source=gmail&ust=1761&usg=AOv"),
    "tracked": ("https://click.invented.example/c/eJx", "/t/1/open.gif"),
    "cisco": ("https://secure-web.cisco.com/1invented/", ""),
    "angle brackets": ("<", ">"),
    "words": ("I am fine<", ">"),
    "quotes": ('href="', '"'),
}


STEPS = [
    *(("letters", name) for name in LETTERWISE),
    *(("whole", name) for name in WHOLE),
    *(("around", name) for name in AROUND),
    ("gaps", "proofpoint 3"),
]


def written(link: str, steps: list[tuple[str, str]]) -> tuple[str, str]:
    """Return (the link after these encodings, the piece of it that must not stay)."""
    text, piece = link, link.rsplit(".", 1)[1]
    for kind, name in steps:
        if kind == "letters":
            text, piece = LETTERWISE[name](text), LETTERWISE[name](piece)
        elif kind == "whole":
            text = WHOLE[name](text)
            piece = text
        elif kind == "gaps":
            text, piece = proofpoint_3(text), proofpoint_3(piece)[len(GAPPED) :].split("__;")[0]
        else:
            before, after = AROUND[name]
            text = f"{before}{text}{after}"
    return text, piece


def folded(text: str, width: int, end: str) -> str:
    lines = [text[at : at + width] for at in range(0, len(text), width)]
    return end.join(lines)


def unfolded(text: str) -> str:
    return re.sub("=?\r?\n(?:> )?|\N{ZERO WIDTH SPACE}|\u00ad", "", text)


BOLD = str.maketrans(
    string.ascii_letters,
    "".join(chr(0x1D41A + at) for at in range(26)) + "".join(chr(0x1D400 + at) for at in range(26)),
)
