"""The schools' policy documents, with the parts that a story changes."""

from __future__ import annotations

from pathlib import Path

from tests.policy.people import GLAS, MAILBOX, RIVE, TERM

LEADS = {GLAS: "Edgar Ember, engagement lead", RIVE: "Jonas Jetty, engagement lead"}

TOLD = (
    *("--told", "handbook: page 7, 2026-10-01"),
    *("--told", "email: the office to all students, 2026-10-02"),
)
"""Options of ``policy publish``, without which a version waits (§22)."""

_TOP = """\
school = "{school}"
views_needed = 1
clear_after_days = 7
capacity = 40
sustained_days = 28
digest_at = "08:30"
"""

MARKERS = """\
[[markers]]
family = "attendance"
sources = ["registers"]

[[markers]]
family = "vle"
sources = ["learning-space"]

[[markers]]
family = "submissions"
sources = ["hand-in"]

[[markers]]
family = "meetings"
sources = ["registers"]

[[markers]]
family = "recordings"
sources = ["learning-space"]

[[markers]]
family = "cocurricular"
sources = ["registers"]
"""
"""The markers that both schools agreed, the registers and the learning space first."""

_PARTS = {
    "approval": """\
[approval]
approved_by = "{lead}"
effective = {effective}
published = ["student handbook", "welcome email"]
""",
    "surge": "[surge]\nshare = 1.0\nat_least = 100\n",
    "scope": '[scope]\nlevels = ["foundation", "undergraduate", "postgraduate-taught"]\n',
    "calendar": """\
[calendar]
timezone = "Europe/London"
terms = [{{ name = "The term", first = 2026-10-05, last = 2027-03-26 }}]
closures = [{{ name = "Midwinter", first = 2026-12-21, last = 2027-01-03 }}]
quiet_from = "18:00"
quiet_until = "08:00"
""",
    "outreach": '[outreach]\nmailbox = "{mailbox}"\ndrafter_may_approve = true\n',
    "ladder": """\
[[ladder]]
rung = "university-email"
wait_days = 3

[[ladder]]
rung = "personal-email"
wait_days = 3

[[ladder]]
rung = "phone"
wait_days = 2

[[ladder]]
rung = "digital-traces"
wait_days = 1
""",
    "services": """\
[[services]]
key = "wellbeing"
name = "The Wellbeing House"
helps_with = "someone to talk to, in confidence"
contact = "wellbeing@glass.example"
""",
    "markers": MARKERS,
    "rules": """\
[rules.inactivity]
days = 14

[rules.attendance]
below_share = 0.5
expected_at_least = 4

[rules.missed-submission]
grace_days = 7

[rules.missed-meetings]
in_a_row = 3
""",
}


def policy(
    school: str = GLAS, *, top: str = "", effective: object = TERM, more: str = "", **parts: str
) -> str:
    """Return a school's policy. ``parts`` replaces whole tables by name, ``top`` replaces single
    keys at the head (``views_needed = 2``), ``more`` is added at the end."""
    head = _TOP
    for line in filter(None, top.splitlines()):
        key = line.split(" = ")[0]
        kept = [each for each in head.splitlines() if not each.startswith(f"{key} = ")]
        head = "\n".join([*kept, line, ""])
    whole = "\n".join([head, *(parts.get(name, part) for name, part in _PARTS.items()), more])
    return whole.format(
        school=school, lead=LEADS[school], effective=effective, mailbox=MAILBOX[school]
    )


def write_policies(folder: Path) -> list[Path]:
    """Write both schools' policies to files and return these."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for school in (GLAS, RIVE):
        file = folder / f"{school.lower()}.toml"
        file.write_text(policy(school), encoding="utf-8")
        files.append(file)
    return files
