"""What must never happen in another order."""

from __future__ import annotations


def upstream(dagbag, dag_id: str, task_id: str) -> set[str]:
    return dagbag.dags[dag_id].get_task(task_id).get_flat_relative_ids(upstream=True)


def outlets(dagbag, dag_id: str) -> dict[str, list[str]]:
    return {task.task_id: [asset.name for asset in task.outlets] for task in dagbag.dags[dag_id].tasks if task.outlets}


def assets_that_start(dagbag, dag_id: str) -> list[str]:
    schedule = dagbag.dags[dag_id].schedule
    started_by = schedule if isinstance(schedule, list) else schedule.asset_condition.objects
    return sorted(asset.name for asset in started_by)


def test_an_export_leaves_the_inbox_only_after_it_was_taken_in(dagbag):
    assert "export.ingest" in upstream(dagbag, "lake_ingest", "export.done")
    assert dagbag.dags["lake_ingest"].get_task("export.done").trigger_rule == "all_success"
    assert dagbag.dags["lake_ingest"].get_task("export.failed").trigger_rule == "one_failed"


def test_reads_are_counted_before_partitions_move(dagbag):
    assert upstream(dagbag, "lake_tiering", "apply") == {"heat"}


def test_nothing_is_computed_of_data_whose_quality_was_not_measured(dagbag):
    assert assets_that_start(dagbag, "lake_quality") == ["lake://ingest"]
    assert outlets(dagbag, "lake_ingest") == {"export.ingest": ["lake://ingest"]}
    assert outlets(dagbag, "lake_quality") == {"quality": ["lake://quality"]}
    assert assets_that_start(dagbag, "lake_analytics") == ["lake://quality"]
    assert assets_that_start(dagbag, "lake_vectors") == ["lake://quality"]


def test_vectors_are_made_before_their_index(dagbag):
    assert upstream(dagbag, "lake_vectors", "build") == {"embed"}


def test_a_backup_is_read_back_after_it_was_made(dagbag):
    assert upstream(dagbag, "lake_backup", "verify") == {"create"}


def test_what_was_packed_and_planned_stands_in_the_audit_log_that_is_verified(dagbag):
    assert upstream(dagbag, "lake_archive", "verify_audit_log") == {"pack", "plan_expiry", "publish_audit_log"}


def test_no_dag_expires_anything(dagbag):
    from lake_airflow.command import LakeOperator

    commands = [t.arguments for dag in dagbag.dags.values() for t in dag.tasks if isinstance(t, LakeOperator)]
    expiry = [words for words in commands if isinstance(words, list) and "expire" in words]
    assert expiry == [["archive", "expire"]]


def test_a_report_is_written_also_where_the_forecast_is_bad(dagbag):
    assert upstream(dagbag, "lake_report", "report") == {"forecast"}
    assert dagbag.dags["lake_report"].get_task("report").trigger_rule == "all_done"


def test_what_tells_others_of_a_change_is_the_last_command_of_its_dag(dagbag):
    """In a dry run it ends as skipped, and whatever followed would be skipped with it."""
    from lake_airflow.command import LakeOperator

    for dag in dagbag.dags.values():
        for task_id in outlets(dagbag, dag.dag_id):
            after = dag.get_task(task_id).get_flat_relative_ids(upstream=False)
            assert not any(isinstance(dag.get_task(one), LakeOperator) for one in after), dag.dag_id
