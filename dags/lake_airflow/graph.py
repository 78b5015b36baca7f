"""What every DAG of the lake is made with."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import DAG, Param

from lake_airflow.command import DRY_RUN

DEFAULTS = {
    "owner": "lake",
    # Three (seed 002). What fails a task, a lock, a full disk, a server that restarts, is not over in seconds.
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=30),
}


def lake_dag(dag_id: str, documentation: str, schedule: Any, params: dict[str, Param] | None = None, **options: Any) -> DAG:
    """
    One run at a time: jobs take what has come since the last one, and two of a kind would wait for each other. For the same
    reason no run is made up for when Airflow was away; a back-fill makes those that somebody wants.

    :param documentation: the module's docstring: its first line is the description, all of it the runbook
    """
    return DAG(
        dag_id=dag_id,
        description=documentation.strip().splitlines()[0],
        doc_md=documentation,
        schedule=schedule,
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        max_active_runs=1,
        default_args=DEFAULTS,
        params={**(params or {}), "dry_run": DRY_RUN},
        tags=["lake"],
        **options,
    )
