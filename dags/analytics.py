"""
Bring the published tables up to date.

**What it does.** When quality has been measured and found good: `lake analytics run`, which computes the months anew that have
changed. With `LAKE_DAGS_CACHE=on`, where `lake.analytics.cache` names a Redis, `lake analytics cache` follows.

**When it fails**, clear the failed task: it goes on from what was published. A late run publishes what the missed ones would
have. With `full` all months are computed anew; that is needed only where somebody doubts the result.
"""

from __future__ import annotations

from airflow.sdk import Param
from lake_airflow import assets
from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag
from lake_airflow.settings import SETTINGS

with lake_dag(
    "lake_analytics",
    __doc__,
    schedule=[assets.QUALITY],
    params={
        "tables": Param([], type="array", items={"type": "string"}, description="As analytics.sessions. Empty: all."),
        "full": Param(False, type="boolean", description="Compute all months anew, whatever has changed."),
    },
    deadline=within(hours=2),
):
    publish = lake_task(
        "publish", "analytics", "run", "{{ '--full' if params.full else '' }}", names="tables", outlets=[assets.ANALYTICS]
    )
    if SETTINGS.cache:
        publish >> lake_task("cache", "analytics", "cache", slots=1)
