"""The files for containers and systemd match the processes and settings."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client.core import Metric
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from bot.metrics import registry_of
from integrations.job_queue import RqQueue
from integrations.settings import Settings
from store.rules.errors import InvalidInput
from tests.servers import free_port, redis_server
from tests.worker.office import office_in
from worker.processes.http_server import KEEPS_OPEN
from worker.setup.deploy import deploy_files, write_deploy_files

FILES = deploy_files()
TOP = Path(__file__).parents[2]
PROCESSES = {
    line.partition(":")[0] for line in (TOP / "Procfile").read_text().splitlines() if line.strip()
}
UNITS = [name for name in FILES if name.endswith(".service")]


def test_all_are_written_once_and_none_over_another(tmp_path: Path) -> None:
    said = list(write_deploy_files(tmp_path / "deploy"))
    assert len(said) == len(FILES) == 14
    assert {each.name for each in (tmp_path / "deploy").iterdir()} == set(FILES)
    with pytest.raises(InvalidInput, match="so nothing was written"):
        list(write_deploy_files(tmp_path / "deploy"))


def test_each_process_of_the_procfile_is_run_by_both() -> None:
    assert set(re.findall(r"command: \[lantern, (\w+)\]", FILES["compose.yaml"])) == PROCESSES
    units = "\n".join(FILES[name] for name in UNITS)
    assert set(re.findall(r"/lantern (\w+)", units)) == {*PROCESSES, "backup"}


def test_the_guide_names_whatever_the_files_expect_of_the_machine() -> None:
    guide = FILES["README.md"]
    units = "\n".join(FILES[name] for name in UNITS)
    places = set(re.findall(r"(/(?:opt|etc|var)/[a-z./]*[a-z])", units)) - {
        "/opt/lantern/bin/lantern"
    }
    assert {each for each in places if each not in guide} == set()
    assert "useradd" in guide
    wanted = {name.rpartition(".")[0] for name in FILES if "[Install]" in FILES[name]}
    assert {each for each in wanted if each not in guide} == set()
    for setting in re.findall(r"\$\{([A-Z_]+):\?\}", FILES["compose.yaml"]):
        assert f"`{setting}`" in guide
    ignored = (TOP / ".dockerignore").read_text().splitlines()
    assert {".git/", ".venv/", ".lantern/", "**/.env"} <= set(ignored)


def test_only_settings_that_there_are_are_set() -> None:
    block = FILES["compose.yaml"].partition("environment: &settings")[2].partition("volumes:")[0]
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert set(re.findall(r"^    ([A-Z_]+):", block, re.MULTILINE)) <= known
    assert "LANTERN_HOME=/data" in FILES["Containerfile"]


def test_nothing_runs_as_root() -> None:
    assert "\nUSER lantern\n" in FILES["Containerfile"]
    assert "read_only: true" in FILES["compose.yaml"]
    for name in UNITS:
        assert "\nUser=lantern\n" in FILES[name], name
        assert "\nNoNewPrivileges=yes\n" in FILES[name], name


def test_workers_screen_at_a_lower_priority_than_web_answers() -> None:
    """Each container and service has a share of its own, in which its niceness counts alone."""
    worker, web = FILES["lantern-worker@.service"], FILES["lantern-web.service"]
    assert re.search(r"^CPUWeight=\d\d$", worker, re.MULTILINE), "the default is 100"
    assert "\nSlice=system.slice\n" in worker, "instances are else weighed among themselves"
    assert "CPUWeight" not in web
    services = re.split(r"\n  (?=\w+:\n)", FILES["compose.yaml"])
    less = {each.partition(":")[0] for each in services if "cpu_shares: 256" in each}
    assert less == {"worker"}, "the default is 1024"


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        return  # there is no systemd on this machine
    for name, text in FILES.items():
        if name.endswith((".service", ".timer")):
            (tmp_path / name).write_text(text.replace("/opt/lantern/bin/lantern", "/bin/true"))
    units = [each.replace("@.", "@1.") for each in UNITS]
    done = subprocess.run(
        [program, "verify", *(tmp_path / each for each in units)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert str(tmp_path) not in done.stderr, done.stderr


def test_the_proxy_closes_an_idle_connection_before_web_does() -> None:
    """Else web may close it just when a click is under way, and the proxy cannot repeat that."""
    (seconds,) = re.findall(r"keepalive (\d+)s", FILES["Caddyfile"])
    assert int(seconds) < KEEPS_OPEN


def test_the_user_that_redis_is_given_is_enough_for_jobs() -> None:
    (rights,) = re.findall(r"- lantern on >\S+ (.*)", FILES["compose.yaml"])
    port = free_port()
    with redis_server(port) as url:
        admin = RqQueue(url, "worker.jobs.run")
        admin.connection.execute_command(  # type: ignore[no-untyped-call]
            "ACL", "SETUSER", "lantern", "on", ">secret", *rights.split()
        )
        admin.close()
        queue = RqQueue(url.replace("://", "://lantern:secret@"), "time.monotonic")
        queue.ping()
        queue.enqueue("nothing")
        worker = SimpleWorker([queue.queue], connection=queue.connection, serializer=JSONSerializer)
        assert worker.work(burst=True, logging_level="CRITICAL")
        queue.close()


def test_alerts_and_dashboard_ask_for_every_metric_and_no_other(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        given = registry_of(office.services.store)
        names = {name for family in given.collect() for name in _names(family)}
    asked = set(re.findall(r"lantern_[a-z_]+", FILES["lantern-alerts.yaml"]))
    shown = json.loads(FILES["lantern-dashboard.json"])
    panels = [target["expr"] for panel in shown["panels"] for target in panel["targets"]]
    drawn = set(re.findall(r"lantern_[a-z_]+", "\n".join(panels)))
    assert asked <= names
    assert drawn <= names
    families = {re.sub("_(bucket|count|sum|created)$", "", name) for name in names}
    assert {re.sub("_(bucket|count|sum)$", "", name) for name in drawn} == families


def _names(family: Metric) -> list[str]:
    """Return a family's own name, or a histogram's three names."""
    if family.type != "histogram":
        return [family.name]
    return [f"{family.name}_{part}" for part in ("bucket", "count", "sum")]


def test_promtool_accepts_the_alerts(tmp_path: Path) -> None:
    program = shutil.which("promtool")
    if program is None:
        return  # Prometheus is not installed on this machine
    (tmp_path / "alerts.yaml").write_text(FILES["lantern-alerts.yaml"])
    command = [program, "check", "rules", str(tmp_path / "alerts.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
