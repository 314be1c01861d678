"""``python -m tests.mutants [--tests "PATH …"] [--seconds N] [NAME …]``, as in store.rules.cases*.

Prints each change that no test noticed, then a table: changes, and how many were noticed. All
verdicts are kept in build/mutants.json, and ``--again`` tries only those that were not noticed.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.mutants.changes import Change, changes_of
from tests.mutants.trial import NOTICED, SURVIVED, TOO_LONG, UNREACHED, Trial

ROOT = Path(__file__).parents[2]
RULES = ROOT / "store" / "rules"
RESULTS = ROOT / "build" / "mutants.json"
ACCEPTED = Path(__file__).parent / "accepted.txt"

# Without the collections of sentences, which take a minute and cover only tables of words.
TESTS = (
    "tests/rules",
    *(
        f"tests/store/test_{name}.py"
        for name in (
            "letter_sources",
            "letters",
            "personal_words",
            "policy_checks",
            "policy_document",
            "policy_texts",
            "school_letters",
            "stale_words",
            "wording",
        )
    ),
    "tests/bot/test_reasons_read_well.py",
    "-k=not postgresql and not any_value_anywhere and not with_a_dictionary and not welsh_are_read",
    "--ignore=tests/rules/test_threats.py",
    "--ignore=tests/rules/test_urgent_words.py",
    "--ignore=tests/rules/test_diagnoses.py",
)

Verdicts = dict[str, dict[str, str]]
"""By module: the verdict on each change, by its name."""


def main() -> int:
    """Try the changes of the named modules; 1 if a test fails without any change."""
    options = _options()
    known: Verdicts = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    accepted = set(ACCEPTED.read_text(encoding="utf-8").splitlines())
    modules = _modules(options.names)
    tried: Verdicts = defaultdict(dict)

    def changes() -> Iterator[tuple[Path, Change]]:
        for module, path in modules.items():
            before = known.get(module, {})
            for change in changes_of(path, module):
                if options.again and before.get(change.name) in (NOTICED, TOO_LONG):
                    tried[module][change.name] = before[change.name]
                elif change.name not in accepted:
                    yield path, change
            if counts := Counter(tried[module].values()):
                print(f"{module}: {', '.join(f'{n} {each}' for each, n in counts.items())}")
            known[module] = tried[module]
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(known, indent=1, ensure_ascii=False))

    def report(change: Change, verdict: str) -> None:
        tried[change.module][change.name] = verdict
        if verdict in (SURVIVED, UNREACHED):
            print(f"{verdict}: {change.name}", flush=True)

    trial = Trial(RULES, changes, report, options.seconds)
    quiet = ("-q", "-s", "--tb=no", "-p", "no:cacheprovider")
    pytest.main([*quiet, *options.tests], plugins=[trial])
    if trial.failed:
        print("These tests fail without any change:", *trial.failed, sep="\n  ")
        return 1
    _print_table(tried)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("names", nargs="*", default=["store.rules*"])
    parser.add_argument("--again", action="store_true", help="only what was not noticed before")
    parser.add_argument("--tests", type=shlex.split, default=TESTS, help="arguments of pytest")
    parser.add_argument("--seconds", type=float, default=10, help="of tests for one change")
    return parser.parse_args()


def _modules(names: list[str]) -> dict[str, Path]:
    found = {}
    for path in sorted(RULES.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if any(fnmatch(module, name) for name in names):
            found[module] = path
    return found


def _print_table(tried: Verdicts) -> None:
    packages: dict[str, Counter[str]] = defaultdict(Counter)
    for module, verdicts in tried.items():
        packages[".".join(module.split(".")[:3])].update(verdicts.values())
    packages["together"] = sum(packages.values(), Counter())
    print(f"\n{'':30}{'changes':>10}{'noticed':>10}{'survived':>10}{'unreached':>10}")
    for package, counts in packages.items():
        noticed = counts[NOTICED] + counts[TOO_LONG]
        figures = (counts.total(), noticed, counts[SURVIVED], counts[UNREACHED])
        if figures[0]:
            print(f"{package:30}" + "".join(f"{each:>10}" for each in figures))


if __name__ == "__main__":
    sys.exit(main())
