"""
Keep PostgreSQL and the Delta tables in shape.

**What it does.** Every half hour: `lake maintain run`, which does what has come due by `lake.maintenance.schedule` since the last time, and nothing
else: staging at 02:30, vacuum at 03:00, analyse at 04:00, indexes on Sundays at 01:00, and more (UTC). That schedule is the one place to
change; this DAG only asks often enough.

**By hand**, `tasks` are done whether due or not: as `vacuum`, `reindex`, `optimize`.

**When it fails.** Each task of upkeep is on its own: the log says which one failed, and the others are done. It stays due. A table that
somebody locks is left for the next time, which is no failure.
"""

from __future__ import annotations

from airflow.sdk import Param
from lake_airflow import assets
from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

TASKS = ["logs", "staging", "partitions", "reindex", "vacuum", "analyze", "optimize", "checkpoint", "reclaim"]

with lake_dag(
    "lake_maintenance",
    __doc__,
    schedule="0,30 * * * *",
    params={
        "tasks": Param(
            [], type="array", items={"type": "string", "enum": TASKS}, description="To do now. Empty: those that are due."
        )
    },
    deadline=within(hours=6),
):
    lake_task("upkeep", "maintain", "run", names="tasks", at_run_time=True, outlets=[assets.MAINTENANCE])
