"""What a task runs, and what becomes of its exit code."""

from __future__ import annotations

from datetime import datetime, timezone
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from lake_airflow import assets, command
from lake_airflow.command import LakeOperator, LakeSparkSubmitOperator, command_line, is_dry_run, lake_task
from lake_airflow.settings import Settings

ON_TIME = datetime(2026, 3, 1, 4, 0, tzinfo=timezone.utc)
LATE = datetime(2026, 3, 1, 7, 30, tzinfo=timezone.utc)


def run(run_type="scheduled", logical_date=ON_TIME, conf=None, **params):
    dag_run = SimpleNamespace(run_type=run_type, logical_date=logical_date, run_after=LATE, conf=conf)
    return {"dag_run": dag_run, "params": {"dry_run": True, **(conf or {}), **params}}


def test_a_run_by_schedule_is_for_real_and_one_by_hand_is_a_dry_run():
    assert not is_dry_run(run("scheduled"))
    assert not is_dry_run(run("asset_triggered"))
    assert not is_dry_run(run("backfill"))
    assert is_dry_run(run("manual"))
    assert not is_dry_run(run("manual", conf={"dry_run": False}))


def test_a_backfill_that_asks_for_a_dry_run_gets_one():
    assert is_dry_run(run("backfill", conf={"dry_run": True}))


def test_a_late_run_and_a_second_try_have_the_clock_of_the_run_on_time():
    assert command_line(["heat"], True, None, run()) == ["heat", "--now", "2026-03-01T04:00:00Z"]


def test_a_run_without_a_logical_date_has_the_time_from_which_it_may_run():
    line = command_line(["heat"], True, None, run("asset_triggered", logical_date=None))
    assert line == ["heat", "--now", "2026-03-01T07:30:00Z"]


def test_words_come_from_parameters_and_empty_ones_are_left_out():
    context = run(tables=["user_data.activity", "user_data.notes"])
    assert command_line(["analytics", "run", ""], False, "tables", context) == [
        "analytics",
        "run",
        "user_data.activity",
        "user_data.notes",
    ]


@pytest.fixture
def launcher(tmp_path, monkeypatch):
    """A program in the launcher's place: what the real one does, test_runs.py shows."""

    def says(script: str) -> None:
        program = tmp_path / "lake"
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)
        monkeypatch.setattr(command, "SETTINGS", Settings.of({"LAKE_DAGS_LAUNCHER": str(program)}))

    return says


def task(**options) -> LakeOperator:
    return lake_task("heat", "heat", **options)


def test_a_command_returns_what_it_tells_without_its_lists(launcher):
    launcher("""echo '{"command": "heat", "seconds": 1.5, "result": {"taken": 7, "partitions": [1, 2, 3]}}'""")
    assert task().execute(run()) == {"command": "heat", "seconds": 1.5, "taken": 7}


@pytest.mark.parametrize("exit_code, tried_again", [(1, True), (2, False), (3, False), (137, True)])
def test_only_failures_that_may_pass_are_tried_again(launcher, exit_code, tried_again):
    launcher(f"""echo '{{"error": {{"problem": "it is so", "cause": "of that", "remedy": "do this"}}}}'; exit {exit_code}""")
    with pytest.raises(AirflowException, match=f"exit code {exit_code}: problem: it is so; cause: of that; remedy: do this") as e:
        task().execute(run())
    assert isinstance(e.value, AirflowFailException) is not tried_again


def test_a_command_that_dies_without_a_word_fails(launcher):
    launcher("kill -9 $$")
    with pytest.raises(AirflowException, match="exit code -9"):
        task().execute(run())


def test_what_is_not_json_is_a_failure_and_not_a_success(launcher):
    launcher("echo 'Segmentation fault'")
    with pytest.raises(ValueError):
        task().execute(run())


def test_a_dry_run_tells_no_dag_of_a_change(launcher):
    launcher("""echo '{"command": "heat", "seconds": 1, "result": {}}'""")
    with pytest.raises(AirflowSkipException, match="nothing has changed"):
        task(outlets=[assets.TIERS]).execute(run("manual"))
    assert task(outlets=[assets.TIERS]).execute(run()) == {"command": "heat", "seconds": 1}


def test_a_command_without_a_dry_run_is_left_out_of_one(launcher):
    launcher("exit 1")
    with pytest.raises(AirflowSkipException, match="`lake heat` has no dry run"):
        task(has_dry_run=False).execute(run("manual"))


def test_with_a_jar_the_same_task_goes_through_spark_submit(monkeypatch):
    settings = Settings.of({"LAKE_DAGS_JAR": "s3a://jars/lake.jar", "LAKE_DAGS_PACKAGES": "a:b:1", "LAKE_DAGS_CONNECTION": "spark"})
    monkeypatch.setattr(command, "SETTINGS", settings)
    submitted = task(at_run_time=True)
    assert isinstance(submitted, LakeSparkSubmitOperator)
    assert (submitted.application, submitted.packages) == ("s3a://jars/lake.jar", "a:b:1")
    monkeypatch.setattr("airflow.providers.apache.spark.operators.spark_submit.SparkSubmitOperator.execute", lambda *_: None)
    submitted.execute(run())
    assert submitted.application_args == ["heat", "--now", "2026-03-01T04:00:00Z"]
