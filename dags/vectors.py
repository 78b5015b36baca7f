"""
Make vectors of new texts, and bring the indexes up to date.

**What it does.** When quality has been measured and found good, at the latest at 05:00 UTC: `lake vectors embed`, which also
removes vectors whose rows are gone or older than their collection keeps, then `lake vectors build`, which compares each index
with exact searches before it is published. Collections are those of `lake.vectors.collections`.

**When it fails** with exit code 3, an index found too little and was not published; the one before still answers. The log says
how much it found. Start it by hand with `full`, or raise the collection's search settings.
"""

from __future__ import annotations

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, Param
from lake_airflow import assets
from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

with lake_dag(
    "lake_vectors",
    __doc__,
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("0 5 * * *", timezone="UTC"), assets=[assets.QUALITY]),
    params={
        "collections": Param([], type="array", items={"type": "string"}, description="Empty: all that are enabled."),
        "full": Param(False, type="boolean", description="Build all rows anew, whatever is there."),
    },
    deadline=within(hours=4),
):
    embed = lake_task("embed", "vectors", "embed", names="collections", has_dry_run=False)
    embed >> lake_task(
        "build",
        "vectors",
        "build",
        "{{ '--full' if params.full else '' }}",
        names="collections",
        has_dry_run=False,
        outlets=[assets.VECTORS],
    )
