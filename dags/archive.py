"""
Pack what has become cold, plan what may expire, and check the audit log.

**What it does.** At 04:30 UTC every day: `lake archive create --past-cold-age`, then `lake archive expire`, which deletes nothing: it stores a
plan of what the retention classes let go. `lake archive audit --publish` makes the log's new entries searchable, `--verify` reads all of it
against its tree, its signed heads and its copies.

**What expires** is decided by people: read the plan, `lake archive expire --approve PLAN --by NAME`, then
`lake archive expire --apply PLAN`. Classes that `lake.archive.retention.automatic` names need no approval; `--apply` they do.

**When it fails.** `verify` with exit code 3 is an alarm: somebody or something has changed the audit log. Do not repair it; keep the
disk as it is, and compare with the copies in `lake.audit.locations`, as the README's section on the audit log says. For
packages see `lake archive verify`.
"""

from __future__ import annotations

from lake_airflow import assets
from lake_airflow.command import lake_task
from lake_airflow.deadline import within
from lake_airflow.graph import lake_dag

with lake_dag("lake_archive", __doc__, schedule="30 4 * * *", deadline=within(hours=4)):
    pack = lake_task("pack", "archive", "create", "--past-cold-age", "--reason", "past its cold age", has_dry_run=False)
    plan = lake_task("plan_expiry", "archive", "expire", at_run_time=True)
    publish = lake_task("publish_audit_log", "archive", "audit", "--publish")
    verify = lake_task("verify_audit_log", "archive", "audit", "--verify", slots=1, outlets=[assets.ARCHIVE])
    # What these two have done stands in the log that is published and verified.
    [pack, plan] >> publish >> verify
