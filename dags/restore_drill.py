"""
Restore the newest backup for trial, compare it, and write down how long it took.

**What it does.** Sundays at 04:00 UTC: `lake backup drill`, into a folder of its own that goes afterwards. The result stands in
`archive.drills`, the report and the metrics.

**When it fails** with exit code 3, something differed or took longer than `lake.backup.drill` allows. This is the day to find out why: a
backup that cannot be restored is none. `lake backup verify` tells damage by file; a slow restore names its slowest step in the log.
"""

from __future__ import annotations

from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

with lake_dag("lake_restore_drill", __doc__, schedule="0 4 * * 0", deadline=within(hours=4)):
    lake_task("drill", "backup", "drill", has_dry_run=False)
