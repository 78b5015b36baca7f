"""
Count the reads of the last hour, and move partitions to where they belong.

**What it does.** Every hour: `lake heat`, then `lake tier apply`, which first brings to Delta what applications wrote in
PostgreSQL, then decides, copies, verifies and switches. Both take the run's time as their clock, so that a run that is late, or
tried again, decides what it would have decided on time.

**Look before.** Start it by hand: a dry run's log has the plan, with the reason for each row. `lake tier plan` says the same.

**When it fails.** A move that was interrupted is finished, or taken back, by the next run; what serves readers is whole at any
time. "Another one is at work" means that somebody runs the same command by hand; it is tried again. Where the hot store is out
of reach, only it waits: moves between warm and cold go on.

**A back-fill** is not needed after a break of Airflow: the next run has all reads since. Run one hour after the other
(`lake airflow backfill`, or `airflow backfill create --max-active-runs 1`), it counts what had been read by then, and moves what runs on
time would have moved of the data that are there now.
"""

from __future__ import annotations

from lake_airflow import assets
from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

with lake_dag("lake_tiering", __doc__, schedule="0 * * * *", deadline=within(minutes=55)):
    heat = lake_task("heat", "heat", at_run_time=True)
    heat >> lake_task("apply", "tier", "apply", at_run_time=True, outlets=[assets.TIERS])
