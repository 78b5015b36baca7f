"""Which exports are taken in, and where they go afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from lake_airflow import inbox

SETTLE = timedelta(minutes=5)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ann").mkdir()
    (tmp_path / "bob").mkdir()
    return tmp_path


def later() -> datetime:
    """Changes of files cannot be dated back: the clock is set ahead."""
    return datetime.now(timezone.utc) + timedelta(minutes=6)


def test_a_file_is_an_export_of_the_person_whose_folder_it_lies_in(folder):
    (folder / "ann" / "takeout.zip").write_bytes(b"zip")
    [export] = inbox.arrived(folder, later(), SETTLE)
    assert export.arguments == ["--user", "ann", str(folder / "ann" / "takeout.zip")]


def test_the_parts_in_a_folder_are_one_export(folder):
    parts = folder / "bob" / "takeout"
    parts.mkdir()
    for part in ("takeout-002.zip", "takeout-001.zip"):
        (parts / part).write_bytes(b"zip")
    [export] = inbox.arrived(folder, later(), SETTLE)
    assert export.arguments == ["--user", "bob", str(parts / "takeout-001.zip"), str(parts / "takeout-002.zip")]


def test_an_unpacked_export_is_its_folder(folder):
    (folder / "ann" / "unpacked" / "Takeout" / "My Activity").mkdir(parents=True)
    (folder / "ann" / "unpacked" / "archive_browser.html").write_text("x")
    [export] = inbox.arrived(folder, later(), SETTLE)
    assert export.containers == [str(folder / "ann" / "unpacked")]


def test_what_still_arrives_is_left_alone(folder):
    (folder / "ann" / "takeout.zip").write_bytes(b"half of a zi")
    assert inbox.arrived(folder, datetime.now(timezone.utc), SETTLE) == []


def test_an_export_that_one_part_is_still_added_to_is_left_alone(folder):
    parts = folder / "bob" / "takeout"
    parts.mkdir()
    (parts / "takeout-001.zip").write_bytes(b"zip")
    now = datetime.now(timezone.utc) + SETTLE - timedelta(seconds=10)
    assert inbox.arrived(folder, now, SETTLE) == []


def test_names_with_a_dot_in_front_are_not_there_yet(folder):
    (folder / "ann" / ".takeout.zip.part").write_bytes(b"zip")
    (folder / ".done" / "ann").mkdir(parents=True)
    (folder / ".done" / "ann" / "old.zip").write_bytes(b"zip")
    assert inbox.arrived(folder, later(), SETTLE) == []


def test_an_inbox_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        inbox.arrived(tmp_path / "mistyped", later(), SETTLE)


def test_afterwards_it_lies_aside_and_replaces_none_of_its_name(folder):
    for content in (b"first", b"second"):
        export = folder / "ann" / "takeout.zip"
        export.write_bytes(content)
        inbox.put_aside(folder, export, inbox.DONE)
        assert not export.exists()
    aside = folder / ".done" / "ann"
    assert {one.name: one.read_bytes() for one in aside.iterdir()} == {
        "takeout.zip": b"first",
        "takeout.zip.2": b"second",
    }
