"""
Once a month: wrap keys by the newest master keys, and read every byte of the lake.

**What it does.** On the first at 05:00 UTC: `lake tier rotate-keys`, to the master keys that the configuration names by then, then
`lake doctor --deep`: every file of every table, every row that PostgreSQL serves, every package and every backup, compared with what
was written.

**When it fails** with exit code 3, the log names each damage, its file, and the command that repairs it.
"""

from __future__ import annotations

from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

with lake_dag("lake_keys_and_checks", __doc__, schedule="0 5 1 * *", deadline=within(days=1)):
    lake_task("rotate_keys", "tier", "rotate-keys") >> lake_task("deep_check", "doctor", "--deep")
