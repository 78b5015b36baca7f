"""
Tell what an auditor asks for, once a week.

**What it does.** Sundays at 00:00 UTC: `lake analytics compliance` for the seven days before, into `analytics.compliance`: who read how much,
what was refused, what is due to be deleted, holds, erasures, the age of keys, backups and drills.

**A week that was missed** is told by a back-fill: the report's period ends at the run's time. What it tells of the past is the same as on
time; ages and what is due are as of that time, computed of what is known now.
"""

from __future__ import annotations

from airflow.sdk import Param
from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

with lake_dag(
    "lake_compliance_report",
    __doc__,
    schedule="0 0 * * 0",
    params={"days": Param(7, type="integer", minimum=1, maximum=3650, description="How far back it tells.")},
    deadline=within(hours=2),
):
    lake_task("compliance", "analytics", "compliance", "--days={{ params.days }}", at_run_time=True)
