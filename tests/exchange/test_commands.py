"""Visits taken out by a command, by those who may, and on record."""

import json
from pathlib import Path

import pytest

from kapdesk.errors import KnownError
from tests.test_cli import CLERK, WORDS, run
from tests.test_cli import folder as folder

CLERKS = {"who": CLERK, "password": WORDS}


def test_a_session_is_written_as_tables_and_in_fhir_by_those_who_may_and_that_it_was_is_on_record(
    folder: Path, tmp_path: Path
) -> None:
    (line,) = run(folder, "note", **CLERKS)
    tables = run(folder, "csv", line["id"][-8:], "--out", str(tmp_path / "out"), **CLERKS)
    assert Path(tables["vitals"]).read_bytes().startswith(b"\xef\xbb\xbfvisit,patient,record_number,")
    assert line["id"].encode() in Path(tables["events"]).read_bytes()

    (paper := tmp_path / "note.pdf").write_bytes(b"%PDF-1")
    both = run(folder, "fhir", line["id"], "--out", str(tmp_path / "b.json"), "--paper", str(paper), **CLERKS)
    collection = json.loads(Path(both["fhir"]).read_bytes())
    (content,) = collection["entry"][-1]["resource"]["content"]
    assert (collection["type"], content["attachment"]["url"]) == ("collection", "note.pdf")

    with pytest.raises(KnownError, match=r"Sample Administrator \(administrator\) may not open the records here"):
        run(folder, "fhir", line["id"])
    taken_out = [each["what"] for each in run(folder, "audit") if each["by"] == CLERK]
    assert taken_out == [f"took out the note of visit {line['id'][-8:]}"] * 2
