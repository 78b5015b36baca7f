"""
Every DAG on a real lake: the launcher, Spark, Delta, PostgreSQL. The tests are in the order of the day that they tell, and each
goes on with the lake of the one before.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

pytestmark = pytest.mark.lake

DAYS_LATER = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0) + timedelta(days=100)


@pytest.fixture(scope="module")
def lake(tmp_path_factory, database):
    """A lake with a keystore, two places for backups, and Ann's export in the inbox."""
    place = tmp_path_factory.mktemp("lake")
    for location in ("one", "two"):
        (place / location).mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(place / "home"))
        patch.setenv("LAKE_BACKUP_LOCATIONS", f"{place / 'one'},{place / 'two'}")
        yield Lake(place)
        lake_command("down")


class Lake:
    def __init__(self, place: Path) -> None:
        self.place = place
        self.inbox = Path(os.environ["LAKE_DAGS_INBOX"])


def lake_command(*words: str) -> dict:
    """The result of a command, as a user would ask."""
    from lake_airflow.settings import SETTINGS

    done = subprocess.run([SETTINGS.launcher, *words, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["result"]


def rows(statement: str) -> list:
    return lake_command("sql", statement)["rows"]


def states(dagbag, dag_id: str, logical_date: datetime | None = None, **conf) -> dict[str, str]:
    """Runs a DAG to its end, and tells each task's state."""
    dag = dagbag.dags[dag_id]
    # Airflow 3.2 to 3.4 cannot end a test run of a DAG that has a deadline: its issue 73428.
    dag.deadline = []
    run = dag.test(logical_date=logical_date, run_after=logical_date, run_conf={"dry_run": False, **conf})
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def test_an_export_in_the_inbox_is_taken_in(dagbag, lake):
    shutil.copytree(os.environ["LAKE_TEST_EXPORT"], lake.inbox / "ann" / "takeout")
    assert states(dagbag, "lake_ingest", settle_minutes=0) == {
        "arrived": "success",
        "export.ingest": "success",
        "export.done": "success",
        "export.failed": "skipped",
    }
    assert rows("select name from lake.users") == [["ann"]]
    [[status, read, kept]] = rows("select status, read, accepted + duplicates + quarantined from imports.jobs")
    assert (status, read) == ("done", kept)
    assert not (lake.inbox / "ann" / "takeout").exists()
    assert (lake.inbox / ".done" / "ann" / "takeout").is_dir()


def test_an_export_that_cannot_be_read_is_put_aside_and_the_run_fails(dagbag, lake, monkeypatch):
    (lake.inbox / "ann" / "takeout.zip").write_bytes(b"PK\x03\x04 and then nothing")
    monkeypatch.setattr(dagbag.dags["lake_ingest"].get_task("export.ingest"), "retries", 0)
    ended = states(dagbag, "lake_ingest", settle_minutes=0)
    assert ended["export.ingest"] == "failed"
    assert ended["export.failed"] == "success"
    assert ended["export.done"] == "upstream_failed"
    assert (lake.inbox / ".failed" / "ann" / "takeout.zip").is_file()


def test_quality_is_measured(dagbag, lake):
    assert states(dagbag, "lake_quality", tables=["user_data.activity"]) == {"quality": "success"}
    assert rows("select distinct dataset from analytics.quality_checks") == [["user_data.activity"]]


def test_tables_are_published(dagbag, lake):
    assert states(dagbag, "lake_analytics") == {"publish": "success"}
    [[days]] = rows("select count(distinct day) from analytics.activity_daily")
    assert days > 0


def test_indexes_are_built(dagbag, lake):
    assert states(dagbag, "lake_vectors", collections=["activity"]) == {"embed": "success", "build": "success"}


def test_a_dry_run_moves_nothing_and_the_run_by_schedule_does(dagbag, lake):
    before = lake_command("tier", "status")
    assert states(dagbag, "lake_tiering", DAYS_LATER, dry_run=True) == {"heat": "success", "apply": "skipped"}
    assert lake_command("tier", "status") == before
    assert states(dagbag, "lake_tiering", DAYS_LATER) == {"heat": "success", "apply": "success"}


def test_upkeep_is_done_where_it_is_asked_for(dagbag, lake):
    assert states(dagbag, "lake_maintenance", tasks=["checkpoint", "staging"]) == {"upkeep": "success"}


def test_a_restore_point_is_made_and_restored_for_trial(dagbag, lake):
    assert states(dagbag, "lake_backup", sample=100) == {"create": "success", "verify": "success"}
    assert states(dagbag, "lake_restore_drill") == {"drill": "success"}
    [[passed]] = rows("select passed from archive.drills")
    assert passed is True


def test_what_is_cold_is_packed_and_the_audit_log_is_whole(dagbag, lake):
    assert states(dagbag, "lake_archive") == {
        "pack": "success",
        "plan_expiry": "success",
        "publish_audit_log": "success",
        "verify_audit_log": "success",
    }
    assert ["backup.create"] in rows("select distinct action from archive.audit_log")


def test_the_reports_are_written(dagbag, lake):
    page = lake.place / "report.html"
    assert states(dagbag, "lake_report", output=str(page)) == {"forecast": "success", "report": "success"}
    assert "Tiers" in page.read_text()
    assert states(dagbag, "lake_compliance_report") == {"compliance": "success"}


def test_pressure_is_looked_for_and_every_byte_is_read(dagbag, lake):
    assert states(dagbag, "lake_remediation") == {"remediate": "success"}
    assert states(dagbag, "lake_keys_and_checks") == {"rotate_keys": "success", "deep_check": "success"}
