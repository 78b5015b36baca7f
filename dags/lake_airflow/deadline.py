"""Tells of runs that are late."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import httpx
from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference

from lake_airflow.settings import SETTINGS

log = logging.getLogger(__name__)


def within(**duration: float) -> DeadlineAlert:
    """A run is to have ended so long after it was queued; else Alertmanager is told, and the log."""
    limit = timedelta(**duration)
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=limit,
        callback=AsyncCallback(missed, kwargs={"limit": str(limit)}),
    )


async def missed(limit: str, **context: Any) -> None:
    """The alert that ``conf/monitoring`` routes like those of the lake's own rules."""
    run = context.get("dag_run") or context.get("context", {}).get("dag_run")
    dag_id, run_id = (run["dag_id"], run["dag_run_id"]) if isinstance(run, dict) else (run.dag_id, run.run_id)
    log.error("run %s of %s has not ended within %s", run_id, dag_id, limit)
    if SETTINGS.alertmanager is None:
        return
    alert = {
        "labels": {"alertname": "LakeRunLate", "severity": "warning", "dag": dag_id},
        "annotations": {
            "summary": f"{dag_id} has not ended within {limit}",
            "description": f"Run {run_id}. Its log in Airflow says what it waits for; the DAG's documentation, what to do.",
        },
    }
    async with httpx.AsyncClient(timeout=10) as client:
        (await client.post(f"{SETTINGS.alertmanager}/api/v2/alerts", json=[alert])).raise_for_status()
