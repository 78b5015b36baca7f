"""What an operator sets in the environment of Airflow's DAG processor and workers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """
    :param launcher: ``LAKE_DAGS_LAUNCHER``: the program that runs a command of the lake on the worker's own machine.
        Default: ``lake`` beside the folder of the DAGs
    :param jar: ``LAKE_DAGS_JAR``: path or URL of the lake's jar. Where it is set, commands run through spark-submit
    :param packages: ``LAKE_DAGS_PACKAGES``: what spark-submit fetches, as for ``--packages``; none where the cluster has it
    :param connection: ``LAKE_DAGS_CONNECTION``: Airflow's connection to Spark. Default: ``spark_default``
    :param properties: ``LAKE_DAGS_PROPERTIES``: a file as ``conf/spark-defaults.conf``, or none
    :param inbox: ``LAKE_DAGS_INBOX``: the folder that exports arrive in. Default: ``/var/lib/lake/inbox``
    :param cache: ``LAKE_DAGS_CACHE``: ``on`` where ``lake.analytics.cache`` names a Redis, which is then kept up to date
    :param alertmanager: ``LAKE_DAGS_ALERTMANAGER``: its address, as ``http://localhost:9093``, to be told of deadlines that were
        missed; none: they stand in the log alone
    """

    launcher: str
    jar: str | None
    packages: str | None
    connection: str
    properties: str | None
    inbox: Path
    cache: bool
    alertmanager: str | None

    @classmethod
    def of(cls, environment: dict[str, str] | os._Environ[str] = os.environ) -> Settings:
        def value(name: str) -> str | None:
            return environment.get(f"LAKE_DAGS_{name}") or None

        return cls(
            launcher=value("LAUNCHER") or str(Path(__file__).resolve().parents[2] / "lake"),
            jar=value("JAR"),
            packages=value("PACKAGES"),
            connection=value("CONNECTION") or "spark_default",
            properties=value("PROPERTIES"),
            inbox=Path(value("INBOX") or "/var/lib/lake/inbox"),
            cache=value("CACHE") == "on",
            alertmanager=value("ALERTMANAGER"),
        )


SETTINGS = Settings.of()
