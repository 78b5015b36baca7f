"""
Make a restore point every night, and read a part of the backups back.

**What it does.** At 02:00 UTC: `lake backup create`, on Sundays with `--compliance`, then `lake backup verify --sample 1`: what one
percent a day finds is, with luck of 98 %, any damage within the year.

**Names to set**: `lake.backup.locations`, at least two, out of reach of whoever can write to the lake; the keystore.

**No back-fill.** A restore point is the lake as it is when it is made; one of yesterday can only be made yesterday.

**When it fails.** `create` that was killed leaves nothing that counts; clear it. `verify` with exit code 3 names each damaged file:
`lake doctor --deep --repair` copies from another location what is whole there, `lake backup create --full-read` stores anew what the
lake still has.
"""

from __future__ import annotations

from airflow.sdk import Param
from lake_airflow import assets
from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

# The week's day in UTC; a run by hand says it itself.
COMPLIANCE = "{{ '--compliance' if params.compliance or (dag_run.run_after.isoweekday() == 7 and dag_run.run_type != 'manual') else '' }}"

with lake_dag(
    "lake_backup",
    __doc__,
    schedule="0 2 * * *",
    params={
        "compliance": Param(False, type="boolean", description="Keep it as Sunday's: for lake.backup.keep.compliance."),
        "sample": Param(
            1, type="integer", minimum=1, maximum=100, description="How much of the backups is read back, in percent."
        ),
    },
    deadline=within(hours=2),
):
    create = lake_task("create", "backup", "create", COMPLIANCE, has_dry_run=False)
    create >> lake_task("verify", "backup", "verify", "--sample", "{{ params.sample }}", slots=1, outlets=[assets.BACKUP])
