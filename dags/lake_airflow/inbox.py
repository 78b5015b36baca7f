"""Which exports in the inbox have arrived as a whole. No Airflow here: the time is an argument."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

DONE = ".done"
FAILED = ".failed"
"""Where exports go afterwards, beside the people's folders."""


@dataclass(frozen=True)
class Export:
    """
    One export of one person: all that lies in ``INBOX/<person>/<export>/``, or one file ``INBOX/<person>/<file>``.

    :param person: the folder's name, which becomes ``lake ingest --user``
    :param path: the folder or the file
    """

    person: str
    path: Path

    @property
    def containers(self) -> list[str]:
        """What ``lake ingest`` is given: the parts of an export together, or the folder where it is unpacked."""
        if self.path.is_file():
            return [str(self.path)]
        parts = sorted(one for one in self.path.iterdir() if not one.name.startswith("."))
        unpacked = any(one.is_dir() for one in parts)
        return [str(self.path)] if unpacked else [str(one) for one in parts]

    @property
    def arguments(self) -> list[str]:
        return ["--user", self.person, *self.containers]


def arrived(inbox: Path, now: datetime, settle: timedelta) -> list[Export]:
    """
    The exports in which nothing has changed for a while. An upload that takes breaks longer than that is to be made under a
    name with a dot in front, or beside the inbox, and moved there when it is whole.
    """
    exports = [Export(person.name, path) for person in _visible(inbox) if person.is_dir() for path in _visible(person)]
    latest = (now - settle).timestamp()
    return [export for export in exports if _last_change(export.path) <= latest]


def put_aside(inbox: Path, export: Path, folder: str) -> Path:
    """Moves an export out of the way, into ``DONE`` or ``FAILED``. Where there is one of its name, the new one gets a number."""
    target = inbox / folder / export.relative_to(inbox)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{export.name}.{number}")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(export, target)
    return target


def _visible(folder: Path) -> Iterator[Path]:
    return (one for one in sorted(folder.iterdir()) if not one.name.startswith("."))


def _last_change(path: Path) -> float:
    """Also of the folders: a file that was moved in keeps its own time."""
    return max(max(one.stat().st_mtime, one.stat().st_ctime) for one in [path, *path.rglob("*")])
