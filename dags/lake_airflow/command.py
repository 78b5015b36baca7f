"""The one factory for tasks of the lake, and what runs them: spark-submit, or the launcher on the worker's own machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from typing import Any

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import Asset, BaseOperator, Param
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from lake_airflow.settings import SETTINGS

POOL = "lake"

DRY_RUN = Param(
    True,
    type="boolean",
    title="Dry run",
    description="Say what would change, and change nothing. Runs by schedule, by an asset or by a back-fill are for real"
    " whatever stands here, unless their own configuration says otherwise.",
)

_USAGE = 2
_GATE = 3


def lake_task(
    task_id: str,
    *words: str,
    arguments: Any = None,
    at_run_time: bool = False,
    names: str | None = None,
    has_dry_run: bool = True,
    slots: int = 2,
    outlets: Sequence[Asset] = (),
    **options: Any,
) -> BaseOperator:
    """
    A task that runs one command of the lake, such as ``lake_task("heat", "heat", at_run_time=True)``.

    :param words: of the command line, templated; empty ones are left out
    :param arguments: in their place, what another task returns
    :param at_run_time: the command's clock is the run's and not the wall's (``--now``), so that a retry, a late run and a
        back-fill decide as of the time that the run was for
    :param names: a parameter of the DAG that is a list, whose elements are further words
    :param has_dry_run: without one, the task is skipped in a dry run
    :param slots: of the pool ``lake``, 4 GB each: a Spark driver of 8 GB takes two
    :param outlets: what has changed when it succeeds. In a dry run nothing has: such a task then ends as skipped, so it is to be
        the last of its DAG
    """
    return _operator()(
        task_id=task_id,
        arguments=list(words) if arguments is None else arguments,
        at_run_time=at_run_time,
        names=names,
        has_dry_run=has_dry_run,
        pool=POOL,
        pool_slots=slots,
        outlets=list(outlets),
        **_submission(),
        **options,
    )


def _operator() -> type[BaseOperator]:
    return LakeOperator if SETTINGS.jar is None else LakeSparkSubmitOperator


def _submission() -> dict[str, Any]:
    if SETTINGS.jar is None:
        return {}
    return {
        "application": SETTINGS.jar,
        "packages": SETTINGS.packages,
        "conn_id": SETTINGS.connection,
        "properties_file": SETTINGS.properties,
        "name": "lake {{ task.task_id }}",
    }


def is_dry_run(context: Any) -> bool:
    """Only a person is asked: see ``DRY_RUN``."""
    run = context["dag_run"]
    asked = run.run_type == "manual" or "dry_run" in (run.conf or {})
    return asked and bool(context["params"].get("dry_run", False))


def command_line(arguments: Sequence[str], at_run_time: bool, names: str | None, context: Any) -> list[str]:
    """The words after ``lake``, as they are run."""
    words = [str(word) for word in arguments if str(word) != ""]
    if names is not None:
        words += context["params"][names]
    if at_run_time:
        run = context["dag_run"]
        words += ["--now", (run.logical_date or run.run_after).strftime("%Y-%m-%dT%H:%M:%SZ")]
    if is_dry_run(context):
        words.append("--dry-run")
    return words


class _Command(BaseOperator):
    """What both ways of running have in common."""

    def __init__(
        self, *, arguments: list[str], at_run_time: bool, names: str | None, has_dry_run: bool, **options: Any
    ) -> None:
        super().__init__(**options)
        self.arguments = arguments
        self.at_run_time = at_run_time
        self.names = names
        self.has_dry_run = has_dry_run

    def words(self, context: Any) -> list[str]:
        if not self.has_dry_run and is_dry_run(context):
            raise AirflowSkipException(f"`lake {' '.join(self.arguments)}` has no dry run")
        return command_line(self.arguments, self.at_run_time, self.names, context)

    def told(self, context: Any, result: Any) -> Any:
        if self.outlets and is_dry_run(context):
            raise AirflowSkipException("this was a dry run: nothing has changed, so no DAG is told so")
        return result


class LakeOperator(_Command):
    """Runs the launcher ``./lake``. Returns what its JSON says, without lists: they may be long."""

    template_fields: Sequence[str] = ("arguments",)
    ui_color = "#e8f3ec"

    _process: subprocess.Popen[str] | None = None

    def execute(self, context: Any) -> dict[str, Any]:
        command = [SETTINGS.launcher, *self.words(context), "--json"]
        self.log.info("running: %s", " ".join(command))
        exit_code, output = self._run(command)
        answer = json.loads(output) if output.strip() else {}
        if exit_code != 0:
            raise _failure(exit_code, answer.get("error") or {})
        self.log.info("%s", json.dumps(answer.get("result"), indent=2)[:20_000])
        return self.told(context, _short(answer))

    def _run(self, command: list[str]) -> tuple[int, str]:
        # A session of its own, so that all of it can be told to stop.
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        reader = threading.Thread(target=self._log_lines, args=[self._process.stderr], daemon=True)
        reader.start()
        output = self._process.stdout.read()
        reader.join()
        return self._process.wait(), output

    def _log_lines(self, lines: Any) -> None:
        for line in lines:
            self.log.info("%s", line.rstrip())

    def on_kill(self) -> None:
        """A command of the lake that is told to end ends in order; the next one takes up what it has left."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)


class LakeSparkSubmitOperator(_Command, SparkSubmitOperator):
    """Runs the lake's jar through spark-submit."""

    template_fields: Sequence[str] = (*SparkSubmitOperator.template_fields, "arguments")

    def execute(self, context: Any) -> None:
        self.application_args = self.words(context)
        super().execute(context)
        self.told(context, None)


def _failure(exit_code: int, error: dict[str, str]) -> AirflowException:
    """Wrong usage stays wrong, and data does not get better by asking again: neither is tried again."""
    message = f"exit code {exit_code}: " + "; ".join(
        f"{part}: {error[part]}" for part in ("problem", "cause", "remedy") if error.get(part)
    )
    return AirflowFailException(message) if exit_code in (_USAGE, _GATE) else AirflowException(message)


def _short(answer: dict[str, Any]) -> dict[str, Any]:
    result = answer.get("result")
    plain = {k: v for k, v in result.items() if not isinstance(v, (list, dict))} if isinstance(result, dict) else {}
    return {"command": answer.get("command"), "seconds": answer.get("seconds"), **plain}
