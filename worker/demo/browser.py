"""A browser without scripts, with only what the sandbox's pages need.

It reads pages, fills in forms and sends them. It sends only what it found in a page: a form's
address, its hidden fields and its buttons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

_FIELDS = frozenset({"input", "select", "textarea"})


class NotThere(Exception):
    """A page does not show what was looked for."""


@dataclass(slots=True)
class Element:
    """An element of a page, with its text and children in order."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    # Left out of the repr, which would hold the whole page: asyncio builds it for each task's
    # result.
    children: list[Element | str] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        """Return the text that can be read in it, on one line."""
        return " ".join(self.raw_text().split())

    def raw_text(self) -> str:
        """Return the text unchanged, with all spaces and line breaks."""
        return " ".join(
            child if isinstance(child, str) else child.raw_text() for child in self.children
        )

    def all(self, tag: str, **attributes: str) -> Iterator[Element]:
        """Yield every element below with this tag and these attributes; ``class_`` is one class of
        the element."""
        for child in self.children:
            if isinstance(child, Element):
                if child.tag == tag and all(child.has(*each) for each in attributes.items()):
                    yield child
                yield from child.all(tag, **attributes)

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the first element with this tag and these attributes.

        Raises ``NotThere`` where there is none, with what the page says instead.
        """
        for found in self.all(tag, **attributes):
            return found
        wanted = " ".join((tag, *attributes.values()))
        # An error page in place of the requested one says why.
        why = "".join(f": {each.text}" for each in self.all("p", id="sorry"))
        raise NotThere(f"there is no {wanted} on the page{why}")

    def has(self, name: str, value: str) -> bool:
        """Return whether the attribute has this value, or this one among its classes."""
        if name == "class_":
            return value in self.attributes.get("class", "").split()
        return self.attributes.get(name) == value

    def form_with(self, button: str) -> Form:
        """Return the form that this button sends.

        Raises ``NotThere`` where no form has it.
        """
        for form in self.all("form"):
            for each in form.all("button"):
                if each.text == button:
                    return Form(form, each)
        raise NotThere(f"there is no button “{button}”")


@dataclass(frozen=True, slots=True)
class Form:
    """A form, and the button that sends it."""

    element: Element
    button: Element

    @property
    def address(self) -> str:
        """Return the address that the form is sent to; '' for the page that it is on."""
        return self.element.attributes.get("action", "")

    def filled_in(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Return the fields that a browser would send. ``answers``: label → text, or an option's
        label."""
        values = {
            each.attributes["name"]: _value(each)
            for tag in _FIELDS
            for each in self.element.all(tag)
        }
        for label, answer in answers.items():
            found = self._labelled(label)
            values[found.attributes["name"]] = _chosen(found, answer)
        if "name" in self.button.attributes:
            values[self.button.attributes["name"]] = self.button.attributes["value"]
        return values

    def _labelled(self, wanted: str) -> Element:
        for label in self.element.all("label"):
            if label.text.startswith(wanted):
                for tag in _FIELDS:
                    for found in self.element.all(tag, id=label.attributes.get("for", "")):
                        return found
        raise NotThere(f"the form has no field “{wanted}”")


class Browser:
    """One person's browser: it keeps cookies, follows redirects, and shows one page at a time."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, follow_redirects=True, timeout=10)
        self._here = ""
        self._origin = {"Origin": url, "Sec-Fetch-Site": "same-origin"}

    def get(self, path: str) -> Element:
        """Load a page of the server and return its tree."""
        self._here = path
        return _page(self._client.get(path))

    def status(self, path: str) -> int:
        """Load a page, and return only its status code."""
        return self._client.get(path).status_code

    def send(self, form: Form, answers: Mapping[str, str] | None = None) -> Element:
        """Fill in a form, press its button, and return the next page."""
        values = form.filled_in(answers or {})
        address = form.address or self._here
        return _page(self._client.post(address, data=values, headers=self._origin))

    def close(self) -> None:
        """Close the connection to the server."""
        self._client.close()


def read_page(html: str) -> Element:
    """Read a page as browsers do, and return its tree."""
    root = LexborHTMLParser(html).root
    return Element("page", children=[_element(root)] if root else [])


def _element(node: LexborNode) -> Element:
    attributes = {name: value or "" for name, value in node.attributes.items()}
    return Element(node.tag or "", attributes, [*_children(node)])


def _children(node: LexborNode) -> Iterator[Element | str]:
    for child in node.iter(include_text=True):
        if child.is_text_node:
            yield child.text_content or ""
        elif child.is_element_node:
            yield _element(child)


def _page(response: httpx.Response) -> Element:
    if response.is_server_error:
        raise NotThere(f"the server answered {response.status_code} at {response.url.path}")
    return read_page(response.text)


def _value(found: Element) -> str:
    if found.tag == "textarea":
        return "".join(str(child) for child in found.children)
    if found.tag == "select":
        options = list(found.all("option"))
        chosen = [each for each in options if "selected" in each.attributes] or options
        return chosen[0].attributes["value"]
    return found.attributes.get("value", "")


def _chosen(found: Element, answer: str) -> str:
    if found.tag != "select":
        return answer
    for option in found.all("option"):
        if option.text == answer:
            return option.attributes["value"]
    raise NotThere(f"there is no option “{answer}”")
