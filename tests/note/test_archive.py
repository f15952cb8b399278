"""The paper as an archive: two standards at once, a tree that a screen reader follows, attachments, fields to sign."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pikepdf
import pytest
from PIL import Image, ImageCms
from reportlab.platypus import Flowable, KeepTogether

from kapdesk import paths
from kapdesk.note import srgb
from kapdesk.note.layout import lay_out, set_pages
from kapdesk.note.paper import Attachment, Changed, Line, Note, Observation, Patient, PhaseNotes, Stated, Table
from kapdesk.note.styles import Case
from tests.note.reading import poppler
from tests.note.sample import sample
from tests.note.vera import failures

RECORD = Attachment(
    name="record.json", mime="application/json", description="The record", relationship="Source", data='{"é": 1}'
)
FHIR = Attachment(
    name="fhir.json", mime="application/fhir+json", description="For other systems", relationship="Data", data="{}"
)
AWKWARD = (
    "محمد يشعر بالراحة ويتنفس ببطء. ضغط الدم 160/100.", "הוא נושם לאט (BP 120/80).", "她说很平静,像在水里。",
    "a\x00b\x1bc\ud800d\ue000e\u200bf\u202e", "\U0001fae0 and 😀 and 𝒳, e\u0301", "</P> <</MCID 0>> BDC (\\) EMC",
    "A long note that goes on over the page. " * 260,
)  # fmt: skip


def everything() -> Note:
    """Every kind of row, and text that is hard on a page, in a signed note."""
    note = sample("signed", observations=12)
    line = Changed(clock="10:12", minute="10", by="NO", what="The weight, typed as 86")
    asked = Line(clock="10:10", minute="8", by="NO", cells=("Alarm, oxygen, suction", ""), entered="10:30, NO")
    struck = msgspec.structs.replace(asked, struck=True, cells=("Drink", "given"))
    checked = Table(part="checked", heading="Checked", columns=("What", "How"), shares=(3, 1), lines=(asked, struck))
    awkward = tuple(Observation(clock="11:30", minute="88", by="TT", text=text) for text in AWKWARD)
    return msgspec.structs.replace(
        note,
        clinic="Clinic </rdf:li> & “Sons”\nStreet",
        patient=msgspec.structs.replace(note.patient, name="Sample/Patient\n(A) \x00 סבא"),
        moved="First recorded under another patient.",
        observations=(*note.observations, PhaseNotes(phase="peak", observations=awkward)),
        tables=(checked,),
        letterhead=("1 Sample Street", "555-0100"),
        before=(
            Stated(name="Medically cleared", words="Until 2026-12-01: ECG", said="2026-11-01, Prescriber Three"),
            Stated(name="Consent", words="Agreed: The treatment\nNot agreed: Recording"),
        ),
        scores=("PHQ-9 14 on 2026-11-18, before: 19.",),
        orders=("Ketamine up to 100 mg.", "Ondansetron 4 mg once."),
        changed=(line,),
        debrief=("Images: a garden.", "Feeling: lighter."),
    )


@pytest.fixture(scope="module")
def whole() -> bytes:
    return lay_out(everything(), (RECORD, FHIR))


@pytest.fixture(scope="module")
def opened(whole: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        yield pdf


@pytest.mark.parametrize("standard", ["3a", "ua1"])
def test_a_signed_note_with_every_kind_of_row_keeps_both_standards(whole: bytes, standard: str) -> None:
    assert failures(whole, standard) == []


@pytest.mark.parametrize("standard", ["3a", "ua1"])
@pytest.mark.parametrize(("standing", "paper"), [("draft", "A4"), ("rehearsal", "Letter")])
def test_a_draft_and_a_rehearsal_keep_both_standards(standing: str, paper: str, standard: str) -> None:
    assert failures(lay_out(sample(standing, paper, observations=4)), standard) == []


@pytest.mark.deep
@pytest.mark.parametrize("plan", sorted(path.stem for path in paths.shipped("resources", "protocols").glob("*.toml")))
def test_the_note_of_a_whole_visit_by_every_shipped_protocol_keeps_both_standards(plan: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kapdesk", "demo", "--headless", "--speed", "2000", "--out", str(tmp_path)]
    subprocess.run([*command, "--protocol", plan], capture_output=True, check=True)
    (made,) = tmp_path.glob("*.pdf")
    pdf = made.read_bytes()
    assert failures(pdf, "3a") + failures(pdf, "ua1") == []
    assert poppler(pdf)


def test_a_page_with_nothing_on_it_keeps_both_standards() -> None:
    pdf = lay_out(Note(standing="draft", clinic="", patient=Patient(name=""), session="", date=""))
    assert failures(pdf, "3a") + failures(pdf, "ua1") == []


def test_a_paper_that_breaks_a_standard_would_be_told() -> None:
    whole = lay_out(sample(observations=1))
    broken = whole.replace(b"/DisplayDocTitle true", b"/DisplayDocTitle 0   ").replace(b"/GTS_PDFA1", b"/GTS_PDFX1")
    assert failures(broken, "3a")
    assert failures(broken, "ua1")


def test_no_reader_has_anything_to_say(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "note.pdf"
    path.write_bytes(whole)
    for tool in (["pdfinfo", "-struct"], ["pdffonts"], ["pdfdetach", "-list"], ["qpdf", "--check"]):
        done = subprocess.run([*tool, str(path)], capture_output=True, check=True)
        assert done.stderr == b"", tool


def test_what_is_attached_is_found_whole_and_says_how_it_belongs_to_the_paper(opened: pikepdf.Pdf) -> None:
    assert list(opened.attachments) == ["fhir.json", "record.json"]
    assert opened.attachments["record.json"].get_file().read_bytes() == RECORD.data.encode()
    assert opened.attachments["fhir.json"].get_file().mime_type == "application/fhir+json"
    assert [str(each.AFRelationship) for each in opened.Root.AF] == ["/Source", "/Data"]


def test_what_the_file_says_of_itself_is_said_once_and_the_same_twice(opened: pikepdf.Pdf) -> None:
    xmp = opened.open_metadata()
    assert xmp["dc:title"] == str(opened.docinfo["/Title"])
    assert xmp["dc:creator"] == [str(opened.docinfo["/Author"])] == ["Clinic </rdf:li> & “Sons” Street"]
    assert xmp["dc:description"] == str(opened.docinfo["/Subject"]) == "Session S-0318"
    assert xmp["xmp:CreateDate"] == "2026-11-19T14:08:00+01:00"
    assert str(opened.docinfo["/CreationDate"]) == "D:20261119140800+01'00'"


def tree(pdf: bytes) -> str:
    """The elements and their words as poppler finds them; seconds for a whole note."""
    done = subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


@pytest.fixture(scope="module")
def heard(whole: bytes) -> str:
    return tree(whole)


def test_a_screen_reader_hears_headings_lists_and_tables(heard: str) -> None:
    headings = re.findall(r'(H\d) \(block\)\n\s+"(.*)"', heard)
    assert headings[0] == ("H1", "Ketamine-assisted psychotherapy: session note")
    assert [words for level, words in headings if level == "H3"] == ["Readings not taken"]
    for words in ("Patient", "Indication", "Vital signs", "Observations", "Music heard", "About this record"):
        assert ("H2", words) in headings
    assert re.search(r'Lbl \(block\)\n\s+"Allergies"\n\s+LBody \(block\)\n\s+"penicillin', heard)
    assert re.search(r'TH:\n\s+/Scope /Column\n\s+"Time"', heard)
    assert re.search(r'TH:\n\s+/Scope /Row\n\s+"10:32"', heard)
    assert re.search(r'TH:\n\s+/Scope /Row\n\s+/ColSpan 5\n\s+"Peak', heard)


def test_the_chart_is_told_in_its_own_words_where_it_stands(opened: pikepdf.Pdf) -> None:
    (figure,) = [
        each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
    ]
    assert str(figure.Alt) == everything().chart.words
    left, bottom, right, top = (float(edge) for edge in figure.A.BBox)
    assert 40 < left < right < 560
    assert 40 < bottom < top < 800


def test_a_header_said_again_is_read_once_and_a_note_over_two_pages_is_one_cell(whole: bytes, heard: str) -> None:
    assert poppler(whole).count("Time Min Code Observation By") > 1
    assert heard.count('"Observation"') == 1
    (cell,) = [part for part in re.split(r"\n\s+T[DHR]", heard) if "A long note" in part]
    assert re.sub(r'[\s"]+', " ", cell).count("A long note that goes on over the page.") == 260


def test_the_running_head_and_the_lettering_are_not_read_aloud() -> None:
    draft = tree(
        lay_out(Note(standing="draft", clinic="C", patient=Patient(name="B"), session="S-1", date="2026-11-19"))
    )
    assert "Page 1 of" not in draft
    assert "Confidential health record" not in draft
    assert draft.count("DRAFT") == 1  # the status


def test_the_headings_are_listed_beside_the_pages_and_lead_to_them(opened: pikepdf.Pdf, whole: bytes) -> None:
    with opened.open_outline() as listed:
        items = {item.title: item.destination for item in listed.root}
    assert next(iter(items)) == "Ketamine-assisted psychotherapy: session note"
    vital_signs = items["Vital signs"]
    page = opened.pages.index(pikepdf.Page(vital_signs[0]))
    assert 60 < float(vital_signs[3]) < 790
    assert "Vital signs" in poppler(whole, "-f", str(page + 1), "-l", str(page + 1))


def test_what_is_kept_together_within_what_is_kept_together_is_read_in_its_place() -> None:
    def story(case: Case, _: float) -> list[Flowable]:
        said = [case.say(words) for words in ("one", "two", "three")]
        return [said[0], KeepTogether([KeepTogether([said[1]])]), said[2]]

    read = tree(set_pages(sample(observations=1), story))
    assert re.findall(r'"(.*)"', read) == ["one", "two", "three"]


def test_what_no_one_put_into_the_tree_is_read_at_its_end() -> None:
    class Loose(Flowable):
        def wrap(self, width: float, height: float) -> tuple[float, float]:
            return width, 20

        def draw(self) -> None:
            prose = Case().say("loose")
            prose.wrap(200, 20)
            prose.drawOn(self.canv, 0, 0)

    pdf = set_pages(sample(observations=1), lambda case, _: [Loose(), case.say("fast")])
    assert re.findall(r'"(.*)"', tree(pdf)) == ["fast", "loose"]
    assert failures(pdf, "ua1") == []


def test_a_draft_has_no_field_to_sign_and_a_signed_note_one_for_each_who_signs(opened: pikepdf.Pdf) -> None:
    fields = list(opened.Root.AcroForm.Fields)
    assert [str(field.T) for field in fields] == ["signature-1", "signature-2"]
    assert str(fields[0].TU) == "Signature of therapist, Therapist Two, LMFT"
    assert all(field.AP.N.BBox is not None and field.F == 132 for field in fields)
    with pikepdf.open(io.BytesIO(lay_out(sample(observations=1)))) as draft:
        assert "/AcroForm" not in draft.Root


def test_the_same_note_gives_the_same_bytes_wherever_it_is_made(tmp_path: Path) -> None:
    code = (
        "import hashlib; from tests.note.test_archive import RECORD, everything, lay_out;"
        "print(hashlib.sha256(lay_out(everything(), (RECORD,))).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"},
            capture_output=True, check=True, text=True,
        ).stdout
        for zone, seed in (("Asia/Kolkata", "1"), ("America/St_Johns", "77"))
    }  # fmt: skip
    assert len(made) == 1


def test_colours_mean_what_they_mean_on_every_screen() -> None:
    ours = ImageCms.ImageCmsProfile(io.BytesIO(srgb.profile()))
    steps = Image.new("RGB", (256, 3))
    ramps = (
        [(n, 255 - n, n // 2) for n in range(256)],
        [(n, n, n) for n in range(256)],
        [(n, 0, 255) for n in range(256)],
    )
    steps.putdata([colour for ramp in ramps for colour in ramp])
    through = ImageCms.profileToProfile(steps, ours, ImageCms.createProfile("sRGB"))
    assert through is not None
    assert max(abs(a - b) for a, b in zip(through.tobytes(), steps.tobytes(), strict=True)) <= 1
