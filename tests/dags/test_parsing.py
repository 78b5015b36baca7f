"""Every DAG parses, is known, and has what an operator looks for."""

from __future__ import annotations

import pytest

SCHEDULES = {
    "lake_analytics": "lake://quality",
    "lake_archive": "30 4 * * *",
    "lake_backup": "0 2 * * *",
    "lake_compliance_report": "0 0 * * 0",
    "lake_ingest": "*/5 * * * *",
    "lake_keys_and_checks": "0 5 1 * *",
    "lake_maintenance": "0,30 * * * *",
    "lake_quality": "0 1 * * *",
    "lake_remediation": "*/5 * * * *",
    "lake_report": "0 6 * * *",
    "lake_restore_drill": "0 4 * * 0",
    "lake_tiering": "0 * * * *",
    "lake_vectors": "0 5 * * *",
}


@pytest.fixture(params=sorted(SCHEDULES))
def dag(request, dagbag):
    return dagbag.dags[request.param]


def test_no_file_fails_and_no_dag_is_unknown(dagbag):
    assert dagbag.import_errors == {}
    assert sorted(dagbag.dags) == sorted(SCHEDULES)


def test_the_schedule_is_the_one_of_the_seeds(dag):
    clock = getattr(dag.schedule, "timetable", dag.schedule)
    if isinstance(clock, list):
        clock = clock[0].name
    assert SCHEDULES[dag.dag_id] == getattr(clock, "expression", clock)
    assert getattr(clock, "timezone", "UTC") == "UTC"


def test_the_docstring_is_the_runbook(dag):
    assert dag.doc_md.splitlines()[1] == dag.description
    assert dag.description.endswith(".")
    assert "**What it does.**" in dag.doc_md
    assert "**When it fails" in dag.doc_md or dag.dag_id == "lake_compliance_report"


def test_whoever_starts_it_by_hand_gets_a_dry_run(dag):
    param = dag.params.get_param("dry_run")
    assert param.value is True
    assert param.schema["type"] == "boolean"


def test_every_parameter_has_a_type_and_an_explanation(dag):
    for name in dag.params:
        schema = dag.params.get_param(name)
        assert schema.schema.get("type"), name
        assert schema.description, name


def test_one_run_at_a_time_and_none_is_made_up_for(dag):
    assert dag.max_active_runs == 1
    assert dag.catchup is False


def test_commands_wait_in_the_pool_and_are_tried_again_ever_later(dag):
    from lake_airflow.command import LakeOperator

    commands = [task for task in dag.tasks if task.operator_class is LakeOperator or isinstance(task, LakeOperator)]
    assert commands
    for task in commands:
        assert task.pool == "lake"
        assert task.pool_slots in (1, 2)
        assert task.owner == "lake"
        if dag.dag_id == "lake_remediation":
            assert task.retries == 0
        else:
            assert task.retries == 3
            assert task.retry_exponential_backoff


def test_the_readme_lists_every_dag(dagbag):
    import conftest

    readme = (conftest.DAGS / "README.md").read_text()
    for dag in dagbag.dags.values():
        assert f"| `{dag.dag_id}` |" in readme
        assert dag.description.rstrip(".") in readme
