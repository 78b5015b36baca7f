"""
Do something where connections, memory or disks are about to run out.

**What it does.** Every five minutes: `lake maintain remediate`. Each act stands in the audit log, and none is done again within its
cool-down; `lake.maintenance.remediation` has the limits.

**When it fails**, PostgreSQL cannot be asked. The next run comes in five minutes, so it is not tried again before.
"""

from __future__ import annotations

from datetime import timedelta

from lake_airflow.command import lake_task
from lake_airflow.graph import lake_dag

with lake_dag("lake_remediation", __doc__, schedule="*/5 * * * *"):
    lake_task("remediate", "maintain", "remediate", slots=1, retries=0, execution_timeout=timedelta(minutes=30))
