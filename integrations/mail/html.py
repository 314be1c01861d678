"""Mail text to HTML and back, by the smallest means that are safe."""

from __future__ import annotations

import re
from html import escape, unescape

_PAGE = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 1rem auto; padding: 0 1rem">
<h1 style="font-size: 1.4rem; line-height: 1.25">{title}</h1>
{blocks}
</body>
</html>
"""

# Of text that is escaped already.
_LINKED = re.compile(r"(.+): (https?://[^\s<>]+)")
_ADDRESS = re.compile(r"https?://\S+")
# A tag, else text; a bracket that begins no tag is text.
_TOKEN = re.compile(
    r"<(?P<ends>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*+)?+(?:(?<=[a-zA-Z0-9])[^<>]*|[!?][^<>]*)>"
    r"|(?P<text>[^<]+|<)"
)
_UNSEEN = frozenset({"script", "style", "title"})
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "div", "dd", "dl", "dt", "hr", "li", "ol", "p"}
    | {"pre", "section", "table", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6"}
)
LONGEST = 500_000
"""Characters of HTML."""

_BEHIND = re.compile(r"(?<!\s)\s*<(https?://[^\s<>]+)>")


def as_html(subject: str, body: str, language: str = "en") -> str:
    """Return a whole page with the subject as its heading; lines that begin with ``- `` are a list,
    and a line of it that ends with ``: https://…`` is a link.

    Colours are the reader's own, so contrast holds in light and in dark.
    """
    paragraphs = re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip())
    blocks = "\n".join(block for paragraph in paragraphs for block in _blocks(paragraph))
    return _PAGE.format(title=escape(subject), language=escape(language), blocks=blocks)


def _blocks(paragraph: str) -> list[str]:
    """One paragraph's text and lists, in their order."""
    blocks = []
    for run in re.split(r"(?m)((?:^- .*(?:\n|\Z))+)", paragraph):
        lines = [escape(line) for line in run.strip().splitlines()]
        if run.startswith("- "):
            items = "\n".join(f"<li>{_item(line[2:])}</li>" for line in lines)
            blocks.append(f"<ul>\n{items}\n</ul>")
        elif lines:
            blocks.append(f"<p>{'<br>'.join(lines)}</p>")
    return blocks


def _item(line: str) -> str:
    """What ends with an address is a link that is called by the words before it."""
    if linked := _LINKED.fullmatch(line):
        return f'<a href="{linked[2]}">{linked[1]}</a>'
    return line


def without_addresses(text: str, ours: str) -> str:
    """Say what Graph makes of such a page, without the addresses that it puts behind links, as
    long as they are ``ours``: any other stays, and is seen."""
    known = {address.rstrip("/") for address in _ADDRESS.findall(ours)}
    return _BEHIND.sub(lambda seen: "" if seen[1].rstrip("/") in known else seen[0], text)


def as_text(html: str) -> str:
    """Say what a person would read of an HTML email: its text, with a new line for each block.

    Never an error, and in time that grows with the length alone: anyone who writes to a mailbox
    chooses what is read here. Of more than ``LONGEST`` characters the rest is left out.
    """
    said: list[str] = []
    unseen = ""
    for token in _TOKEN.finditer(_without_comments(html[:LONGEST])):
        if token["text"] is not None:
            if not unseen:
                # Line breaks in the source are spaces; only blocks begin a line.
                said.append(re.sub(r"\s+", " ", unescape(token["text"])))
            continue
        ends, name = token["ends"], (token["name"] or "").casefold()
        if name in _UNSEEN and (not unseen or name == unseen):
            unseen = "" if ends else name
        elif name in _BLOCKS and not unseen:
            said.append("\n")
    lines = [" ".join(line.split()) for line in "".join(said).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start + 4)
        # One that never ends hides nothing, lest it hide an answer.
        at = end + 3 if end >= 0 else start + 4
        if end < 0:
            break
    return "".join([*kept, html[at:]])
