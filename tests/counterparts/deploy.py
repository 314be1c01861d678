"""Prometheus' own tool, Caddy and systemd read what ``lantern init --deploy`` writes.

The programs are packages of Debian: prometheus, caddy and systemd.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client.exposition import generate_latest

from bot.metrics import registry_of
from tests.worker.office import office_in
from worker.setup.deploy import deploy_files

FILES = deploy_files()
STEPS = 1300
"""Of five minutes each: 108 hours, since an alert may wait for four days."""
LATER = f"0+300x{STEPS}"
"""An instant that is always now: seconds since the first step."""
NEVER = f"0x{STEPS}"
ACKNOWLEDGED = "lantern_acknowledgement_seconds_bucket"
ANSWERED = "lantern_interaction_seconds_bucket"
WELL = {
    'up{job="lantern"}': f"1x{STEPS}",
    'lantern_outbox_oldest_seconds{kind="card"}': f"20x{STEPS}",
    'lantern_outbox_rows{kind="mail", state="unknown"}': NEVER,
    "lantern_mail_stops": NEVER,
    "lantern_last_screening_timestamp_seconds": LATER,
    'lantern_feed_last_delivery_timestamp_seconds{source="moodle"}': LATER,
    'lantern_feed_last_delivery_timestamp_seconds{source="roster"}': NEVER,
    'lantern_feed_rows{source="moodle", outcome="accepted"}': f"100x{STEPS}",
    'lantern_feed_rows{source="moodle", outcome="refused"}': f"1x{STEPS}",
    f'{ACKNOWLEDGED}{{platform="slack", le="0.5"}}': LATER,
    f'{ACKNOWLEDGED}{{platform="slack", le="5"}}': LATER,
    f'{ACKNOWLEDGED}{{platform="slack", le="+Inf"}}': LATER,
    f'{ANSWERED}{{command="take", le="0.5"}}': LATER,
    f'{ANSWERED}{{command="take", le="10"}}': LATER,
    f'{ANSWERED}{{command="take", le="+Inf"}}': LATER,
    'lantern_last_backup_timestamp_seconds{what="whole"}': LATER,
    "lantern_audit_last_row_timestamp_seconds": LATER,
    "lantern_audit_last_anchor_timestamp_seconds": LATER,
}
"""Every series of a Lantern that is well. The roster comes when it changes."""
BADLY = {
    "LanternIsDown": ('up{job="lantern"}', NEVER),
    "LanternMessagesWait": ('lantern_outbox_oldest_seconds{kind="card"}', f"1000x{STEPS}"),
    "LanternEmailsUnknown": ('lantern_outbox_rows{kind="mail", state="unknown"}', f"2x{STEPS}"),
    "LanternEmailsStopped": ("lantern_mail_stops", f"1x{STEPS}"),
    "LanternNotScreened": ("lantern_last_screening_timestamp_seconds", NEVER),
    "LanternFeedIsLate": (
        'lantern_feed_last_delivery_timestamp_seconds{source="moodle"}',
        NEVER,
    ),
    "LanternRowsRefused": ('lantern_feed_rows{source="moodle", outcome="refused"}', f"9x{STEPS}"),
    "LanternSlowAcknowledgement": (f'{ACKNOWLEDGED}{{platform="slack", le="0.5"}}', NEVER),
    "LanternSlowAnswers": (f'{ANSWERED}{{command="take", le="0.5"}}', NEVER),
    "LanternNoBackup": ('lantern_last_backup_timestamp_seconds{what="whole"}', NEVER),
    "LanternAuditNotAnchored": ("lantern_audit_last_anchor_timestamp_seconds", NEVER),
}
"""Alert → the series that goes wrong, and how."""


def _says_yes(program: str, *words: str, package: str, given: str = "", **settings: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not here: apt-get install {package}")
    done = subprocess.run(
        [found, *words], input=given, capture_output=True, text=True, check=False, env=settings
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _promtool(*words: str, given: str = "") -> str:
    return _says_yes("promtool", *words, package="prometheus", given=given)


@pytest.mark.parametrize("alert", [None, *BADLY])
def test_each_alert_fires_when_its_series_goes_wrong_and_no_other(
    tmp_path: Path, alert: str | None
) -> None:
    assert set(re.findall(r"- alert: (\w+)", FILES["lantern-alerts.yaml"])) == set(BADLY)
    (tmp_path / "alerts.yaml").write_text(FILES["lantern-alerts.yaml"])
    series = WELL | (dict([BADLY[alert]]) if alert else {})
    firing = [{"labels": f'{{alertname="{alert}"}}', "value": 1}] if alert else []
    asked = {
        "rule_files": [str(tmp_path / "alerts.yaml")],
        "evaluation_interval": "5m",
        "tests": [
            {
                "interval": "5m",
                "input_series": [
                    {"series": name, "values": values} for name, values in series.items()
                ],
                "promql_expr_test": [
                    {
                        "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                        "eval_time": "105h",
                        "exp_samples": firing,
                    }
                ],
            }
        ],
    }
    # YAML includes JSON.
    (tmp_path / "test.yaml").write_text(json.dumps(asked))
    assert "SUCCESS" in _promtool("test", "rules", str(tmp_path / "test.yaml"))


def test_prometheus_understands_each_expression_of_the_dashboard(tmp_path: Path) -> None:
    panels = json.loads(FILES["lantern-dashboard.json"])["panels"]
    rules = [
        {"record": f"panel:{panel['id']}", "expr": target["expr"]}
        for panel in panels
        for target in panel["targets"]
    ]
    whole = {"groups": [{"name": "dashboard", "rules": rules}]}
    (tmp_path / "rules.yaml").write_text(json.dumps(whole))
    said = _promtool("check", "rules", str(tmp_path / "rules.yaml"))
    assert f"{len(panels)} rules found" in said


def test_prometheus_finds_nothing_wrong_with_the_metrics(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        office.world.open_case()
        page = generate_latest(registry_of(office.world.store)).decode()
    _promtool("check", "metrics", given=page)


def test_caddy_accepts_its_file(tmp_path: Path) -> None:
    (tmp_path / "Caddyfile").write_text(FILES["Caddyfile"])
    words = ("validate", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile"))
    place = {"HOME": str(tmp_path), "LANTERN_NAME": "lantern.example.ac.uk"}
    assert "Valid configuration" in _says_yes("caddy", *words, package="caddy", **place)
