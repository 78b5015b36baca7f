"""
Take in the exports that arrive in the inbox.

**What it does.** Waits until an export lies in the inbox and nothing in it has changed for five minutes, then runs
`lake ingest EXPORT --user PERSON` for each, side by side. The next run begins as soon as one has ended.

**The inbox** is the folder `LAKE_DAGS_INBOX` (`/var/lib/lake/inbox`) on the workers' machine. It has a folder for each person,
and there each export is one file, or a folder with all parts of one export:

    inbox/ann/takeout-20260115T101500Z.zip
    inbox/bob/takeout-20260201/takeout-20260201T080000Z-001.zip
    inbox/bob/takeout-20260201/takeout-20260201T080000Z-002.zip

An upload that may rest for longer than five minutes is made under a name with a dot in front, and renamed when it is whole.

**Afterwards** an export lies in `inbox/.done/PERSON`, to be deleted when you like, or, where it failed, in `inbox/.failed/PERSON`.

**When it fails.** The task's log ends with problem, cause and remedy. Mend it, and move the export back from `.failed` into the
person's folder. Half of an import is no harm: the same export again adds what is missing, and nothing twice. Exit code 3 means
that it was taken in and a share of its records could not be: `lake sql "select * from imports.quarantine"` has them.

**By hand.** A run that you start is a dry run unless you say otherwise: its log names the exports, and they stay where they are.
What an export holds is known only when it was read: `lake ingest EXPORT --user PERSON --lake /tmp/trial` tells.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.sdk import Param, PokeReturnValue, task, task_group
from lake_airflow import assets, inbox
from lake_airflow.command import lake_task
from lake_airflow.graph import lake_dag
from lake_airflow.settings import SETTINGS

with lake_dag(
    "lake_ingest",
    __doc__,
    schedule="@continuous",
    params={
        "settle_minutes": Param(
            5, type="integer", minimum=0, maximum=1440, description="How long nothing in an export has changed, in minutes."
        )
    },
):

    @task.sensor(poke_interval=60, timeout=timedelta(days=1).total_seconds(), mode="reschedule", soft_fail=True)
    def wait_for_exports(params=None) -> PokeReturnValue:
        settle = timedelta(minutes=params["settle_minutes"])
        exports = inbox.arrived(SETTINGS.inbox, datetime.now(timezone.utc), settle)
        return PokeReturnValue(
            bool(exports), [{"path": str(one.path), "arguments": ["ingest", *one.arguments]} for one in exports]
        )

    @task_group
    def export(path, arguments):
        @task
        def put_aside(path: str, folder: str) -> str:
            return str(inbox.put_aside(SETTINGS.inbox, Path(path), folder))

        taken = lake_task("ingest", arguments=arguments, has_dry_run=False, outlets=[assets.INGEST])
        taken >> put_aside.override(task_id="done")(path, inbox.DONE)
        taken >> put_aside.override(task_id="failed", trigger_rule="one_failed")(path, inbox.FAILED)

    export.expand_kwargs(wait_for_exports())
