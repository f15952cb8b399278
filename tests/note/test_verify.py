"""A note tells by itself whether it was altered: its signatures, the record it carries, every word on its pages."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec
import pikepdf
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from kapdesk.cli import commands
from kapdesk.clinic import signing
from kapdesk.clinic import verify as module
from kapdesk.clinic.attached import NEEDED
from kapdesk.clinic.close import attachments, made_anew, signed_paper
from kapdesk.clinic.verified import beside
from kapdesk.clinic.verify import Verdict, verify
from kapdesk.errors import KnownError
from kapdesk.facts import clinic as clinic_facts
from kapdesk.facts.clinic import ClinicFact
from kapdesk.facts.fact import Struck
from kapdesk.facts.session import Ended, NoteTaken
from kapdesk.note import attached
from kapdesk.note.layout import lay_out
from kapdesk.note.sealed import NoPaper, look_into, signatures
from tests.desk import Desk
from tests.fakes import Computer

AGREED = "I have read this note and agree with it."


class Papers(NamedTuple):
    """The same visit's note before it was signed, signed, and countersigned; the clinic's certificate."""

    draft: bytes
    signed: bytes
    both: bytes
    certificate: bytes


@pytest.fixture(scope="module")
def papers(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("verify") / "clinic"
    shutil.copytree(founded, folder)
    desk = Desk(folder, Computer())
    therapist = desk.person("Sample Therapist One", "therapist")
    prescriber = desk.person("Sample Prescriber One", "prescriber")
    desk.person("Nobody Of This Visit", "therapist")
    desk.patient(therapist, "Another Sample B")
    room = desk.dosed(desk.room(therapist))
    desk.kept(room.record(NoteTaken("Łza, שלום (2/10) <b>calm</b>", patients_words=True)))
    desk.kept(room.record(Ended("completed")))
    room.listen(lambda: None)
    draft = made_anew(desk.clinic, room.id)

    def paper() -> bytes:
        desk.settle()
        desk.until(desk.clinic.papers.idle)
        desk.settle()
        found = signed_paper(desk.clinic, room.id)
        assert found is not None
        return found

    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    signed = paper()
    desk.kept(signing.countersign(desk.clinic, room.id, prescriber.by, hashlib.sha256(signed).hexdigest(), AGREED))
    both = paper()
    pem = desk.clinic.state.seals[-1].pem.encode()
    desk.clinic.close()
    return Papers(draft, signed, both, pem)


def wrong(verdict: Verdict) -> str:
    return "\n".join(each.said for each in verdict.findings if each.how == "altered")


def said(verdict: Verdict) -> str:
    return "\n".join(each.said for each in verdict.findings)


def record_in(pdf: bytes) -> Any:
    return json.loads(look_into(pdf).attached[attached.NAME])


def overlaid(pdf: bytes) -> bytes:
    """The PDF with a revision behind it, in which the first page stands on its head."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_attachment(pdf: bytes, name: str, data: bytes) -> bytes:
    """The PDF written anew with another file attached under a name."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        file = document.Root.Names.EmbeddedFiles.Names
        for n in range(0, len(file), 2):
            if str(file[n]) == name:
                file[n + 1].EF.F.write(data)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def test_a_note_that_nobody_touched_holds_in_every_respect(papers: Papers) -> None:
    draft = verify(papers.draft)
    assert (draft.whole, draft.signed) == (True, False)
    assert "It is not signed" in said(draft)
    assert "not signed: whoever made the file may have made up all of it" in draft.in_short
    assert "to the last byte" in said(draft)
    for pdf, names in ((papers.signed, ["Therapist"]), (papers.both, ["Therapist", "Prescriber"])):
        verdict = verify(pdf, [papers.certificate])
        assert wrong(verdict) == ""
        assert verdict.signed
        assert [f"Signed by Sample {name} One" in said(verdict) for name in names] == [True] * len(names)
        assert "no line missing" in said(verdict)
        assert "to the last byte" in said(verdict)


def test_what_is_attached_is_this_visits_and_no_other_patients(papers: Papers) -> None:
    words = look_into(papers.both).attached[attached.NAME].decode()
    assert "Another Sample B" not in words
    assert "Nobody Of This Visit" not in words
    assert '"signed-in"' not in words
    record = record_in(papers.both)
    assert {line["body"][3]["kind"] for line in record["visit"]} == {"session"}
    assert any("Łza" in (line.get("content") or "") for line in record["visit"])


def test_a_flipped_bit_anywhere_is_found(papers: Papers) -> None:
    """Places over the whole of the file, and in the signatures' own."""
    pdf = papers.both
    step = len(pdf) // 40
    for at in [
        *range(7, len(pdf), step),
        *(pdf.rindex(b"/Contents") + n for n in (12, 30, 300, 9_000)),
        pdf.rindex(b"/ByteRange") + 13,
    ]:
        altered = bytearray(pdf)
        altered[at] ^= 1
        try:
            assert wrong(verify_quickly(bytes(altered), papers.certificate)), at
        except NoPaper:
            continue  # and that is said as well


def test_a_bit_of_an_unsigned_note_is_found_by_making_it_anew(papers: Papers) -> None:
    altered = bytearray(papers.draft)
    altered[papers.draft.index(b"/Producer") + 12] ^= 1
    assert "not to the last byte" in wrong(verify(bytes(altered)))


def verify_quickly(pdf: bytes, certificate: bytes) -> Verdict:
    """What is wrong with the signatures alone: what is made anew is another test's."""
    look_into(pdf)
    return Verdict("", tuple(module._signed(*signatures(pdf), None, {module._der(certificate)})))


def test_a_revision_that_was_appended_is_named(papers: Papers) -> None:
    """What no reader shows as wrong by itself: the file is whole, and another page lies over the signed one."""
    found = wrong(verify(overlaid(papers.both), [papers.certificate]))
    assert "something was added to the file after it was signed" in found
    assert "another number of revisions" in found


def test_what_was_appended_to_an_unsigned_note_is_found_however_the_file_ends(papers: Papers) -> None:
    """Readers take a file whose last line is missing; so it is no sign of where the note ended."""
    over = overlaid(papers.draft)
    for pdf in (over, over.rstrip().removesuffix(b"%%EOF"), papers.draft + b"\n% nothing\n"):
        assert not verify(pdf).whole


def test_without_the_clinics_own_certificate_no_more_is_said_than_was_compared(papers: Papers) -> None:
    verdict = verify(papers.both)
    assert verdict.whole
    assert "Whether that certificate is the clinic’s" in said(verdict)
    assert verdict.in_short == "Nothing was found altered; not everything could be compared."


def test_a_swapped_attachment_is_named(papers: Papers) -> None:
    other = with_attachment(papers.draft, "fhir.json", b'{"resourceType": "Bundle"}')
    assert "fhir.json is another than the one that the record gives" in wrong(verify(other))


def test_a_signature_under_another_certificate_is_named(papers: Papers, other_certificate: bytes) -> None:
    assert "under another certificate than the clinic’s" in wrong(verify(papers.signed, [other_certificate]))


@pytest.fixture(scope="module")
def other_certificate() -> bytes:
    from kapdesk.clinic import seal

    return seal.make("Another Clinic", 1_790_000_000_000_000).fact.pem.encode()


Alter = Callable[[Any], None]


def dose_in_the_record(record: Any) -> None:
    line = next(line for line in record["visit"] if "dose-given" in (line.get("content") or ""))
    line["content"] = line["content"].replace("dose-given", "dose-given ", 1)


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (dose_in_the_record, "another content than the one signed"),
        (lambda record: record["visit"].pop(3), "a line is missing or was put in between"),
        (lambda record: record["visit"].reverse(), "do not stand in their order"),
        (lambda record: record["visit"][2]["body"].__setitem__(14, "somebody"), "was altered"),
        (lambda record: record["visit"][2].__setitem__("sig", "00" * 64), "was not signed by its station"),
        (lambda record: record["visit"][2].pop("content"), "nothing says that it was erased"),
        (lambda record: record["patients"].clear(), "Nothing is attached of the patient"),
        (lambda record: record["of_clinic"].clear(), "nobody here says is the clinic’s"),
    ],
)
def test_what_was_done_to_the_record_is_named(papers: Papers, alter: Alter, named: str) -> None:
    record = record_in(papers.draft)
    alter(record)
    found = list(attached.flaws(attached.parse(json.dumps(record).encode())))
    assert any(named in sentence for sentence in found), found


@given(at=st.integers(0, 10**6), put=st.integers(0, 127))
@settings(max_examples=60, deadline=None)
def test_no_character_of_the_lines_can_be_another(papers: Papers, at: int, put: int) -> None:
    data = look_into(papers.draft).attached[attached.NAME]
    begun = data.index(b'"visit":')
    at = begun + at % (data.index(b'"of_clinic":') - begun)
    altered = data[:at] + bytes([put]) + data[at + 1 :]
    if altered == data:
        return
    try:
        record = attached.parse(altered)
    except ValueError:
        return
    assert list(attached.flaws(record)) or msgspec.json.encode(record) == data


def test_a_record_with_another_word_gives_another_paper_and_the_place_is_named(papers: Papers) -> None:
    """The record left as it was, the page set anew with other words: the words of both stand in the sentence."""
    record = attached.parse(look_into(papers.draft).attached[attached.NAME])
    told = attached.told(record)
    note = told.note()
    forged = msgspec.structs.replace(note, sums=tuple(msgspec.structs.replace(s, total="80 mg") for s in note.sums))
    verdict = verify(lay_out(forged, attachments(record, told)))
    assert re.search(
        r"Page \d: the paper says “[^”]*80 mg[^”]*”, the record gives “[^”]*50 mg · 1 dose[^”]*”", wrong(verdict)
    )


def test_a_page_that_was_written_anew_with_the_same_words_is_told_apart(papers: Papers) -> None:
    with pikepdf.open(io.BytesIO(papers.draft)) as document:
        document.pages[0].contents_add(b" ")
        out = io.BytesIO()
        document.save(out)
    assert "not to the last byte what its record gives, though every word is" in wrong(verify(out.getvalue()))


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "not a PDF"), (b"just text", "not a PDF"), (b"%PDF-1.7\n", "damaged")],
)
def test_what_is_no_note_is_told_in_a_sentence(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "some.pdf"
    path.write_bytes(content)
    done = CliRunner().invoke(commands, ["verify", str(path)])
    assert isinstance(done.exception, KnownError)
    assert why in str(done.exception)


def test_the_command_says_it_and_ends_with_it(papers: Papers, tmp_path: Path) -> None:
    whole, altered, own = tmp_path / "note.pdf", tmp_path / "altered.pdf", tmp_path / "clinic.pem"
    whole.write_bytes(papers.both)
    own.write_bytes(papers.certificate)
    altered.write_bytes(papers.both.replace(b"/Reason", b"/reason", 1))
    done = CliRunner().invoke(commands, ["verify", str(whole), "--certificate", str(own)])
    assert (done.exit_code, "Nothing was altered." in done.output) == (0, True)
    done = CliRunner().invoke(commands, ["verify", str(altered), "--json"])
    assert (done.exit_code, json.loads(done.output)["whole"]) == (1, False)
    with pytest.raises(KnownError, match="is a folder"):
        CliRunner().invoke(commands, ["verify", str(tmp_path)], standalone_mode=False, catch_exceptions=False)


def test_of_every_kind_of_the_clinics_facts_it_is_decided_whether_a_note_carries_it() -> None:
    """Those it does not carry say nothing on a note, or are of people and matters that are not this patient's."""
    kinds = set(get_args(ClinicFact)) - {*NEEDED, clinic_facts.Corrected, Struck}
    assert {kind.__name__ for kind in kinds} == NOT_CARRIED


NOT_CARRIED = set(
    "StaffLeft HeadsKept RecordRestored SignedIn SignInFailed ScreenLocked GlassBroken RecoveryRenewed ClockMoved "
    "LockAfterSet RetentionSet ProtocolApproved ProtocolWritten SummarySent RecordRead NoteTakenOut SheetTakenOut "
    "ContentsErased PatientsImported TimeStampsSet Exported FilingSet TrayDaysSet StockMoved".split()
)


def test_beside_the_open_desk_one_sentence_tells_it(papers: Papers) -> None:
    pem = papers.certificate.decode()
    assert beside(papers.both, [pem]) == "Checked just now: unchanged since it was signed, every word as recorded."
    assert beside(papers.draft, [pem]) == ""
    assert beside(papers.both.replace(b"/Reason", b"/reason", 1), [pem]).startswith("This paper was ALTERED: ")


@pytest.fixture
def thirty_lines(tmp_path: Path) -> Path:
    """The checker as docs/record-format.md has it."""
    page = (Path(__file__).parents[2] / "docs" / "record-format.md").read_text(encoding="utf-8")
    (checker,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "check.py"
    path.write_text(checker, encoding="utf-8")
    return path


def test_thirty_lines_without_kapdesk_check_the_chain(papers: Papers, thirty_lines: Path, tmp_path: Path) -> None:
    file = tmp_path / "record.json"

    def told(record: Any) -> str:
        file.write_text(json.dumps(record), encoding="utf-8")
        command = [sys.executable, str(thirty_lines), str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path).stderr

    record = record_in(papers.both)
    assert told(record) == ""
    record["visit"][4]["content"] += " "
    assert "its content was altered" in told(record)
    del record["visit"][4]["content"]
    assert "its content is missing" in told(record)
    del record["visit"][4]
    assert "one before it is missing" in told(record)
