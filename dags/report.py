"""
Measure room and growth, and write the page that tells of the lake.

**What it does.** At 06:00 UTC: `lake analytics forecast`, then `lake report`, to the file of the parameter `output` on the worker's
machine. The page needs no network: copy it, mail it, serve it.

**When it fails** with exit code 3, the page was written: the gate is the forecast, which says that a disk or a budget will be full sooner
than `lake.analytics.capacity` allows. The log says which, and when.
"""

from __future__ import annotations

from airflow.sdk import Param
from lake_airflow import assets
from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

with lake_dag(
    "lake_report",
    __doc__,
    schedule="0 6 * * *",
    params={
        "output": Param("/var/lib/lake/lake-report.html", type="string", minLength=1, description="Where to, an absolute path."),
        "days": Param(90, type="integer", minimum=1, maximum=3650, description="How far back the page tells."),
    },
    deadline=within(hours=2),
):
    forecast = lake_task("forecast", "analytics", "forecast", at_run_time=True)
    forecast >> lake_task(
        "report",
        "report",
        "--output={{ params.output }}",
        "--days={{ params.days }}",
        at_run_time=True,
        trigger_rule="all_done",
        outlets=[assets.REPORT],
    )
