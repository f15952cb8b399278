"""Visits taken out by a command, by those who may, and on record."""

import json
from pathlib import Path

import pikepdf
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


def test_a_session_is_written_in_fhir_and_refers_to_the_papers_that_go_beside_it(folder: Path, tmp_path: Path) -> None:
    (line,) = run(folder, "note", who=CLERK, password=WORDS)
    alone = run(folder, "fhir", line["id"], "--out", str(tmp_path / "s.json"), who=CLERK, password=WORDS)
    document = json.loads(Path(alone["fhir"]).read_bytes())
    assert (document["type"], document["entry"][0]["resource"]["resourceType"]) == ("document", "Composition")
    paper = tmp_path / "note.pdf"
    paper.write_bytes(b"%PDF-1")
    out = ["--out", str(tmp_path / "b.json"), "--paper", str(paper)]
    both = json.loads(Path(run(folder, "fhir", line["id"], *out, who=CLERK, password=WORDS)["fhir"]).read_bytes())
    assert (both["type"], both["entry"][-1]["resource"]["content"][0]["attachment"]["url"]) == (
        "collection",
        "note.pdf",
    )
    with pytest.raises(KnownError, match=r"Sample Administrator \(administrator\) may not open the records here"):
        run(folder, "fhir", line["id"])


def test_the_note_carries_its_visit_in_fhir_inside_it(folder: Path, tmp_path: Path) -> None:
    (line,) = run(folder, "note", who=CLERK, password=WORDS)
    made = run(folder, "note", line["id"], "--out", str(tmp_path / "n.pdf"), who=CLERK, password=WORDS)
    with pikepdf.open(made["pdf"]) as pdf:
        spec = pdf.attachments["fhir.json"]
        inside = json.loads(spec.get_file().read_bytes())
        assert (str(spec.obj.AFRelationship), spec.get_file().mime_type) == ("/Data", "application/fhir+json")
    assert inside["type"] == "document"
    assert [each["resource"]["id"] for each in inside["entry"] if each["resource"]["resourceType"] == "Encounter"] == [
        line["id"]
    ]
    assert not [each for each in inside["entry"] if each["resource"]["resourceType"] == "DocumentReference"]
