"""Visits taken out by a command, by those who may, and on record."""

from pathlib import Path

import pytest

from kapdesk.errors import KnownError
from tests.test_cli import CLERK, WORDS, run
from tests.test_cli import folder as folder


def test_readings_and_events_are_written_as_tables_and_that_they_were_is_on_record(
    folder: Path, tmp_path: Path
) -> None:
    (line,) = run(folder, "note", who=CLERK, password=WORDS)
    made = run(folder, "csv", line["id"][-8:], "--out", str(tmp_path / "out"), who=CLERK, password=WORDS)
    assert Path(made["vitals"]).read_bytes().startswith(b"\xef\xbb\xbfvisit,patient,record_number,")
    assert line["id"].encode() in Path(made["events"]).read_bytes()
    with pytest.raises(KnownError, match=r"Sample Administrator \(administrator\) may not open the records here"):
        run(folder, "csv", line["id"])
    with pytest.raises(KnownError, match="No session ends in ffff"):
        run(folder, "csv", "ffffffffffff", who=CLERK, password=WORDS)
    taken_out = [each["what"] for each in run(folder, "audit") if each["by"] == CLERK]
    assert taken_out == [f"took out the note of visit {line['id'][-8:]}"]
