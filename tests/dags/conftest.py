"""
Tests of ``dags/`` with a real Airflow. ``DagsTest`` runs them; by hand, in an environment made of ``tests/python/airflow.txt``:

    AIRFLOW_HOME=/tmp/airflow pytest tests/dags

Without ``LAKE_TEST_EXPORT``, a folder with a sample export, those that run commands of the lake are left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"

# Airflow reads these when it is imported.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(DAGS)
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ.setdefault("LAKE_DAGS_INBOX", str(Path(os.environ["AIRFLOW_HOME"]) / "inbox"))
sys.path.insert(0, str(DAGS))


def pytest_collection_modifyitems(items):
    if "LAKE_TEST_EXPORT" not in os.environ:
        for item in items:
            if item.get_closest_marker("lake"):
                item.add_marker(pytest.mark.skip(reason="LAKE_TEST_EXPORT names no export"))


def pytest_configure(config):
    config.addinivalue_line("markers", "lake: runs commands on a lake")


@pytest.fixture(scope="session")
def dagbag():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(str(DAGS))


@pytest.fixture(scope="session")
def database():
    """Airflow's own tables, with the DAGs in them."""
    for command in (["db", "migrate"], ["dags", "reserialize"]):
        subprocess.run([sys.executable, "-m", "airflow", *command], check=True, capture_output=True)
