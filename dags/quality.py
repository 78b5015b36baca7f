"""
Measure how good the tables are, before anything is computed of them.

**What it does.** Runs `lake analytics quality` after each import, and at 01:00 UTC where there was none. Results are kept in
`analytics.quality_checks`; `lake report` shows them.

**It is a gate.** Where a rule does not hold it fails, at once and without another try, and analytics and vectors stay as they
were: they start when this one succeeds.

**When it fails** with exit code 3, the log names the rules. Look at the rows, as the rule's file in `conf/quality` describes
them. Mend the source and import it again, undo the import, or correct the rule; then clear the task. To publish all the same,
start `lake_analytics` by hand.
"""

from __future__ import annotations

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, Param
from lake_airflow import assets
from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

with lake_dag(
    "lake_quality",
    __doc__,
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("0 1 * * *", timezone="UTC"), assets=[assets.INGEST]),
    params={
        "tables": Param(
            [], type="array", items={"type": "string"}, description="As user_data.activity. Empty: all that have rules."
        )
    },
    deadline=within(hours=1),
):
    lake_task("quality", "analytics", "quality", names="tables", at_run_time=True, outlets=[assets.QUALITY])
