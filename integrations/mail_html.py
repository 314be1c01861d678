"""Mail text to HTML and back, by the smallest means that are safe."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

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
_BEHIND = re.compile(r"\s*<(https?://[^\s<>]+)>")


def as_html(subject: str, body: str, language: str = "en") -> str:
    """A whole page with the subject as its heading; lines that begin with ``- `` are a list,
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
    """What Graph makes of such a page, without the addresses that it puts behind links, as long as
    they are ``ours``: any other stays, and is seen."""
    known = {address.rstrip("/") for address in _ADDRESS.findall(ours)}
    return _BEHIND.sub(lambda seen: "" if seen[1].rstrip("/") in known else seen[0], text)


def as_text(html: str) -> str:
    """What a person would read of an HTML mail: its text, with a new line for each block."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.said).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects text; leaves out what is never shown."""

    _UNSEEN = frozenset({"script", "style", "title"})
    _BLOCKS = frozenset(
        {"address", "article", "blockquote", "br", "div", "dd", "dl", "dt", "hr", "li", "ol", "p"}
        | {"pre", "section", "table", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in self._UNSEEN:
            self._unseen = tag
        elif tag in self._BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif tag in self._BLOCKS - {"br"}:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            # Line breaks in the source are spaces; only blocks begin a line.
            self.said.append(re.sub(r"\s+", " ", data))
