"""Four weeks with one seed; ``make chaos`` simulates 15 weeks, three times."""

from pathlib import Path

from tests.life.run import Term, live


def test_four_weeks_hold(tmp_path: Path) -> None:
    outcome = live(Term(seed=3, weeks=4), tmp_path / "home")
    assert outcome.cases, "nobody of the eleven ways was found in four weeks"
    assert outcome.emails, "nobody was written to"
    assert outcome.claims > outcome.emails, "no claim of a card was measured again"
    assert outcome.explained, "nobody had been silent for long enough to be looked for"
    assert not outcome.broken, "\n".join([outcome.line(), *outcome.broken])
