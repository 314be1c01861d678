"""Write a school's statement for students, as Markdown and as a page."""

from __future__ import annotations

from html import escape

from store.rules.policies.statement_sections import Statement


def markdown(made: Statement) -> str:
    """Write the statement as Markdown, for a handbook or a page of the learning space."""
    lines = [f"# {made.title}"]
    for section in made.sections:
        lines += ["", f"## {section.heading}"]
        for paragraph in section.paragraphs:
            lines += ["", paragraph]
        lines += ["", *(f"- {point}" for point in section.points)] if section.points else []
    return "\n".join(lines) + "\n"


def html(made: Statement) -> str:
    """Write the statement as one self-contained page."""
    parts = [f"<h1>{escape(made.title)}</h1>"]
    for section in made.sections:
        parts.append(f"<h2>{escape(section.heading)}</h2>")
        parts += [f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs]
        if section.points:
            points = "".join(f"<li>{escape(point)}</li>" for point in section.points)
            parts.append(f"<ul>{points}</ul>")
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(made.title)}</title>\n"
        "<style>body{font:1.05rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;"
        "padding:0 1rem}</style>\n"
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
