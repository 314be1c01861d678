"""Find the next command on the way to the first card."""

from __future__ import annotations

from collections.abc import Callable

from integrations.bootstrap import Services
from store.policies.versions import policy_in_force, waiting_version
from store.queries.schools.first_card import first_card_posted, has_screened, published_codes
from store.queries.schools.staff import School, all_schools, school_channels
from store.rules.calendar import institution_day
from store.rules.model import Platform
from store.rules.policies.publication import HOW_TO_RECORD
from worker.setup.begin import EVENTS, POLICIES, ROSTER

_LINK = {
    Platform.SLACK: "lantern slack channel --school {school} --link LINK",
    Platform.TEAMS: "lantern teams channel --school {school} --link LINK",
}
_ENROL = {
    Platform.SLACK: "lantern slack enrol --school {school}",
    Platform.TEAMS: "lantern teams enrol --school {school}",
}


def next_step(services: Services) -> str | None:
    """Return the next step, with the command to type; None where the first card has been posted."""
    for step in _STEPS:
        if found := step(services):
            return found
    return None


def _roster(services: Services) -> str | None:
    if _schools(services):
        return None
    folder = ROSTER if ROSTER.is_dir() else "FOLDER"
    return f"load a roster: lantern ingest roster {folder}"


def _policies(services: Services) -> str | None:
    today = institution_day(services.now())
    with services.store.database.read() as connection:
        published = published_codes(connection)
        schools = all_schools(connection)
        waiting = {each.id for each in schools if waiting_version(connection, each.id)}
        ruled = {each.id for each in schools if policy_in_force(connection, each.id, today)}
    for school in schools:
        if school.code not in published:
            return f"publish the policy of {school.code}: lantern policy publish {_file(school)}"
        if school.id in waiting:
            how = HOW_TO_RECORD.replace("FILE", _file(school)).replace("DAY", today.isoformat())
            return f"record how students were told of the policy of {school.code}: {how}"
    if not ruled:
        return "wait for the first day of the policy, or publish one that begins earlier"
    return None


def _file(school: School) -> str:
    file = POLICIES / f"{school.code.lower()}.toml"
    return str(file) if file.exists() else "FILE"


def _events(services: Services) -> str | None:
    """The sample files are named one by one, until the school's own activity is there."""
    loaded = services.lake.newest_days(institution_day(services.now())).keys()
    samples = {each.stem: each for each in sorted(EVENTS.glob("*.csv"))}
    if loaded - samples.keys() or (loaded and loaded >= samples.keys()):
        return None
    for source, file in samples.items():
        if source not in loaded:
            return f"load activity: lantern ingest events {file} --source {source}"
    return "load activity: lantern ingest events FILE --source SOURCE"


def _channel(services: Services) -> str | None:
    with services.store.database.read() as connection:
        channels = school_channels(connection)
    for platform, line in _LINK.items():
        if platform not in services.workspaces:
            continue
        has = {each.school for each in channels if each.platform is platform}
        for school in _schools(services):
            if school.id not in has:
                first, second = (
                    each.format(school=school.code) for each in (line, _ENROL[platform])
                )
                return f"give {school.code} its private channel: {first}, then: {second}"
    return None


def _screening(services: Services) -> str | None:
    with services.store.database.read() as connection:
        done = has_screened(connection)
    return None if done else "screen the activity: lantern screen"


def _card(services: Services) -> str | None:
    with services.store.database.read() as connection:
        if first_card_posted(connection):
            return None
    if Platform.SANDBOX in services.workspaces:
        where = f"open http://127.0.0.1:{services.settings.port} in a browser"
    else:
        where = "look at the school's channel"
    command = "lantern up" if services.settings.redis_url else "lantern web"
    return f"start Lantern: {command}. Then {where}"


def _schools(services: Services) -> list[School]:
    with services.store.database.read() as connection:
        return list(all_schools(connection))


_STEPS: tuple[Callable[[Services], str | None], ...] = (
    _roster,
    _policies,
    _events,
    _channel,
    _screening,
    _card,
)
