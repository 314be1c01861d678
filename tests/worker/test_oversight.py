"""The lead's private notes, from the lake and the roster."""

from pathlib import Path

from integrations.insight.lead_notes import lead_notes
from tests.worker.office import office_in
from tests.worker.test_screening import DAY, screen, write_feed


def test_who_is_hardly_monitored_is_listed_by_number(tmp_path: Path) -> None:
    with office_in(tmp_path / "home") as office:
        write_feed(office.services.settings.home)
        screen(office)
        before = office.world.dump()

        languages = lead_notes(office.services, office.world.school("LANG"), DAY)
        mathematics = lead_notes(office.services, office.world.school("MATH"), DAY)

        assert languages == ["Nothing stands out."]
        assert mathematics == ["Nothing stands out."], "one of Mira's two modules is half of them"
        assert office.world.dump() == before
