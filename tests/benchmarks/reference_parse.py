"""What Python's own library needs to read an export: zipfile, json and mailbox, nothing kept.

Usage: python3 reference_parse.py EXPORT.zip...
Prints bytes, records and seconds by kind of entry.
"""
import hashlib
import json
import mailbox
import sys
import tempfile
import time
import zipfile


def read_mail(data):
    with tempfile.NamedTemporaryFile(suffix=".mbox") as file:
        file.write(data)
        file.flush()
        count = 0
        for message in mailbox.mbox(file.name, create=False):
            count += 1
            for part in message.walk():
                if not part.is_multipart():
                    part.get_payload(decode=True)
        return count


def read_json(data):
    try:
        document = json.loads(data)
    except ValueError:
        return 0
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        return sum(len(value) for value in lists) or 1
    return len(document)


def read_other(data):
    hashlib.sha256(data).digest()
    return 0


def main():
    totals = {}
    for path in sys.argv[1:]:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                kind = {"mbox": "mailbox", "json": "json"}.get(name.rsplit(".", 1)[-1], "other")
                begin = time.monotonic()
                data = archive.read(name)
                count = {"mailbox": read_mail, "json": read_json, "other": read_other}[kind](data)
                size, records, seconds = totals.get(kind, (0, 0, 0.0))
                totals[kind] = (size + len(data), records + count, seconds + time.monotonic() - begin)
    for kind, (size, records, seconds) in sorted(totals.items()):
        print(f"{kind:8} {size / 1e6:8.1f} MB {records:9d} records {seconds:7.1f} s {size / 1e6 / seconds:7.1f} MB/s")


main()
