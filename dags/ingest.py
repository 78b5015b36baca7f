"""
Take in the exports that arrive in the inbox.

**What it does.** Looks into the inbox every five minutes, and runs `lake ingest EXPORT --user PERSON` for each export in which
nothing has changed for five minutes, side by side. Where there is none, the run ends as skipped.

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

from airflow.sdk import Param, task, task_group
from lake_airflow import assets, inbox
from lake_airflow.command import lake_task
from lake_airflow.graph import lake_dag
from lake_airflow.settings import SETTINGS

with lake_dag(
    "lake_ingest",
    __doc__,
    schedule="*/5 * * * *",
    params={
        "settle_minutes": Param(
            5, type="integer", minimum=0, maximum=1440, description="How long nothing in an export has changed, in minutes."
        )
    },
):

    @task
    def arrived(params=None) -> list[dict[str, str | list[str]]]:
        settle = timedelta(minutes=params["settle_minutes"])
        exports = inbox.arrived(SETTINGS.inbox, datetime.now(timezone.utc), settle)
        return [{"path": str(one.path), "arguments": ["ingest", *one.arguments]} for one in exports]

    @task_group
    def export(path, arguments):
        @task
        def put_aside(path: str, folder: str) -> str:
            return str(inbox.put_aside(SETTINGS.inbox, Path(path), folder))

        taken = lake_task("ingest", arguments=arguments, has_dry_run=False, outlets=[assets.INGEST])
        taken >> put_aside.override(task_id="done")(path, inbox.DONE)
        taken >> put_aside.override(task_id="failed", trigger_rule="one_failed")(path, inbox.FAILED)

    export.expand_kwargs(arrived())
