"""What a forger does to a note: with the clinic's own papers, with a clinic made up, with the clinic's very key."""

import hashlib
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import msgspec
import pikepdf
import pytest
from click.testing import CliRunner
from pyhanko.pdf_utils.generic import DictionaryObject, NumberObject, pdf_name, pdf_string
from pyhanko.sign.signers import PdfSigner

from kapdesk.cli import commands
from kapdesk.clinic import merging, seal, signing
from kapdesk.clinic.close import attachments, made_anew, signed_paper
from kapdesk.clinic.verify import verify
from kapdesk.facts.clinic import PersonAdded
from kapdesk.facts.fact import Struck
from kapdesk.facts.papers import PaperFiled
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import Corrected, Ended, NoteTaken, WeightMeasured
from kapdesk.note import attached
from kapdesk.note.attached import Record
from kapdesk.note.layout import lay_out
from kapdesk.note.sealed import look_into, signatures
from kapdesk.note.sign import sign
from kapdesk.note.signed import AGREED, marks_of
from kapdesk.note.signing import Mark, Order, Seal
from kapdesk.note.telling import Telling
from tests.desk import Desk
from tests.fakes import Computer
from tests.note.test_verify import said, wrong

with_ = msgspec.structs.replace


class Papers(NamedTuple):
    """Two patients' notes of one clinic, one unsigned, the other in each state; the clinic's certificate and key."""

    draft: bytes
    others: bytes
    signed: bytes
    both: bytes
    seal: Seal

    @property
    def own(self) -> list[bytes]:
        return [self.seal.pem.encode()]


@pytest.fixture(scope="module")
def papers(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("forged") / "clinic"
    shutil.copytree(founded, folder)
    desk = Desk(folder, Computer())
    therapist = desk.person("Sample Therapist One", "therapist")
    prescriber = desk.person("Sample Prescriber One", "prescriber")
    made = []
    for name in ("Sample Patient A", "Another Sample B"):
        room = desk.dosed(desk.room(therapist, desk.patient(therapist, name)))
        desk.kept(room.record(NoteTaken("A tear, then calm")))
        desk.kept(room.record(Ended("completed")))
        room.listen(lambda: None)
        made.append(made_anew(desk.clinic, room.id))
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    signed = paper_of(desk, room.id)
    desk.kept(signing.countersign(desk.clinic, room.id, prescriber.by, hashlib.sha256(signed).hexdigest(), AGREED))
    both, held = paper_of(desk, room.id), seal.held(desk.clinic.state, desk.clinic.ring)
    desk.clinic.close()
    assert held is not None
    return Papers(made[0], made[1], signed, both, Seal(pem=held.pem, key=held.key))


def paper_of(desk: Desk, session: Any) -> bytes:
    desk.settle()
    desk.until(desk.clinic.papers.idle)
    desk.settle()
    found = signed_paper(desk.clinic, session)
    assert found is not None
    return found


def record_in(pdf: bytes) -> Record:
    return attached.parse(look_into(pdf).attached[attached.NAME])


def page_of(record: Record) -> bytes:
    """The very paper KapDesk would make from a record, whoever put that together."""
    told = attached.told(record)
    return lay_out(told.note(), attachments(record, told))


def test_of_two_true_notes_no_third_is_made(papers: Papers) -> None:
    """Every line is the clinic's own and signed by its station; only that they do not belong together tells it."""
    one, other = record_in(papers.draft), record_in(papers.others)
    exchanged = verify(page_of(with_(one, patient=other.patient, patients=other.patients)))
    assert "the visit is not of the patient whose record is attached" in wrong(exchanged)
    besides = sorted((*one.patients, *other.patients), key=lambda line: (line.body.stream.id, line.body.order_key))
    assert "somebody else is attached besides" in wrong(verify(page_of(with_(one, patients=tuple(besides)))))
    mixed = sorted((*one.of_clinic, other.visit[-1]), key=lambda line: (line.body.stream.id, line.body.order_key))
    assert "none of the clinic’s own lines" in wrong(verify(page_of(with_(one, of_clinic=tuple(mixed)))))
    assert "not of the patient" in wrong(verify(page_of(with_(one, visit=()))))


def test_what_was_cut_off_at_the_end_is_found_where_someone_signed_for_it_and_else_no_word_says_that_it_is_all(
    papers: Papers,
) -> None:
    signed, draft = record_in(papers.signed), record_in(papers.draft)
    heads = tuple(line for line in signed.of_clinic if line.content is not None)[:2]
    assert "(clinic), which was signed, is missing" in wrong(verify(page_of(with_(signed, of_clinic=heads))))
    shorter = verify(page_of(with_(draft, visit=draft.visit[:-2])))
    assert shorter.whole  # no one can tell; and so it is said
    assert "nothing in it shows that it is the clinic’s, or that its end is there" in said(shorter)
    assert "not signed: whoever made the file may have made up all of it" in shorter.in_short


def test_signatures_that_were_taken_off_are_missed(papers: Papers, tmp_path: Path) -> None:
    """And with the clinic's certificate at hand it is no success, for nobody signed it."""
    bare = page_of(record_in(papers.both))
    assert papers.both.startswith(bare)
    verdict = verify(bare, papers.own)
    assert "By its record Sample Therapist One signed it, and that signature is not in this file" in said(verdict)
    assert not verdict.signed
    note, own = tmp_path / "bare.pdf", tmp_path / "clinic.pem"
    note.write_bytes(bare)
    own.write_bytes(papers.own[0])
    assert CliRunner().invoke(commands, ["verify", str(note), "--certificate", str(own)]).exit_code == 1
    assert CliRunner().invoke(commands, ["verify", str(note)]).exit_code == 0


def test_a_paper_from_before_says_which_it_is(papers: Papers) -> None:
    """Cutting off the countersignature gives the paper that was kept before it, byte for byte."""
    before = verify(papers.both[: len(papers.signed)], papers.own)
    assert "It is version 1 of the note, signed by one; whether the clinic keeps a newer paper" in said(before)
    assert "signed by two" in said(verify(papers.both, papers.own))


def test_a_clinic_that_was_made_up_is_told_from_the_true_one_by_its_certificate_only(papers: Papers) -> None:
    made = seal.make("Sample Clinic", 1_790_000_000_000_000)
    draft = page_of(record_in(papers.signed))
    forged = sign(Order(draft, (_mark(draft),), Seal(pem=made.pem, key=made.key)))
    assert "under another certificate than the clinic’s" in wrong(verify(forged, papers.own))
    assert "another certificate than the one its record names" in wrong(verify(forged))


def test_that_it_was_made_by_another_program_is_only_what_it_says(papers: Papers) -> None:
    """Then its bytes need not be the same; so it is not said that what is seen is what its record gives."""
    record = record_in(papers.draft)
    record = with_(record, made=with_(record.made, program="KapDesk 9"))
    told = attached.told(record)
    with pikepdf.open(io.BytesIO(lay_out(told.note(), attachments(record, told)))) as document:
        document.pages[0].contents_add(b" 0 0 0 rg 40 40 500 700 re f")  # the words are there, and nobody sees them
        out = io.BytesIO()
        document.save(out)
    verdict = verify(out.getvalue())
    assert "nor what else the file holds: it says that it was made with KapDesk 9" in said(verdict)
    assert "to the last byte" not in said(verdict)
    assert "not signed: whoever made the file" in verdict.in_short


def test_a_signed_note_of_another_version_that_says_the_same_in_other_words_is_not_called_altered(
    papers: Papers,
) -> None:
    """A note is kept for decades, and KapDesk's own words change; whoever has no certificate gets no such trust."""
    record = record_in(papers.signed)
    record = with_(record, made=with_(record.made, program="KapDesk 9"))
    told = attached.told(record)
    note = told.note()
    older = lay_out(
        with_(note, sums=tuple(with_(each, total="0.05 g") for each in note.sums)), attachments(record, told)
    )
    kept = verify(sign(Order(older, (_mark(older),), papers.seal)), papers.own)
    assert (kept.signed, kept.in_short) == (True, "Nothing was found altered; not everything could be compared.")
    assert "the paper says “" in said(kept)
    assert "0.05 g" in wrong(verify(older))


def _mark(draft: bytes) -> Mark:
    told = attached.told(record_in(draft))
    return marks_of(Telling(told.session, told.clinic))[0]


@pytest.mark.parametrize(
    "other", [{"name": "Sample Prescriber One"}, {"meaning": "I was not there."}, {"field": "signature-2"}]
)
def test_whoever_has_the_clinics_key_does_not_sign_as_somebody_else(papers: Papers, other: dict[str, str]) -> None:
    draft = page_of(record_in(papers.signed))
    forged = verify(sign(Order(draft, (with_(_mark(draft), **other),), papers.seal)), papers.own)
    assert "By its record it is signed by Sample Therapist One in signature-1: “I conducted this session" in wrong(
        forged
    )


def test_one_person_does_not_pass_for_two(papers: Papers) -> None:
    mark = with_(_mark(papers.signed), field="signature-2")
    twice = verify(sign(Order(papers.signed, (mark,), papers.seal)), papers.own)
    assert "both signatures bear the same name" in said(twice)
    assert "not everything could be compared" in twice.in_short


def test_what_nobody_has_signed_on_record_bears_no_signature(papers: Papers) -> None:
    signed, draft = record_in(papers.signed), record_in(papers.others)
    page = lay_out(attached.told(signed).note(), attachments(draft, attached.told(draft)))
    forged = verify(sign(Order(page, (_mark(papers.signed),), papers.seal)), papers.own)
    assert "by its record nobody has signed the visit" in wrong(forged)


Beside = Callable[[Any], None]


def another_beginning(writer: Any) -> None:
    """Another root, with the first page only."""
    pages, root = writer.root["/Pages"], writer.root
    first = DictionaryObject({key: pages.raw_get(key) for key in pages} | {pdf_name("/Count"): NumberObject(1)})
    first["/Kids"] = type(pages["/Kids"])(list(pages.raw_get("/Kids"))[:1])
    new = DictionaryObject({key: root.raw_get(key) for key in root} | {pdf_name("/Pages"): writer.add_object(first)})
    writer._root = writer.trailer["/Root"] = writer.add_object(new)


def larger_field(writer: Any) -> None:
    field = writer.root["/AcroForm"]["/Fields"][1].get_object()
    field["/Rect"] = type(field["/Rect"])(map(NumberObject, (0, 0, 600, 800)))
    writer.update_container(field)


def first_signatures_look(writer: Any) -> None:
    look = writer.root["/AcroForm"]["/Fields"][0].get_object()["/AP"]["/N"]
    look._data, look._encoded_data = b"0 0 100 100 re f", None
    writer.update_container(look)


def a_note_stuck_on_it(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    stuck = {"/Type": pdf_name("/Annot"), "/Subtype": pdf_name("/FreeText"), "/Contents": pdf_string("80 mg")}
    page["/Annots"].append(writer.add_object(DictionaryObject({pdf_name(key): each for key, each in stuck.items()})))
    writer.update_container(page["/Annots"])


def a_script(writer: Any) -> None:
    does = {"/S": pdf_name("/JavaScript"), "/JS": pdf_string("app.alert(1)")}
    writer.root["/OpenAction"] = DictionaryObject({pdf_name(key): each for key, each in does.items()})
    writer.update_root()


def layers(writer: Any) -> None:
    writer.root["/OCProperties"] = DictionaryObject({})
    writer.update_root()


@pytest.mark.parametrize(
    "beside",
    [
        another_beginning,
        larger_field,
        first_signatures_look,
        a_note_stuck_on_it,
        a_script,
        layers,
    ],
)
def test_nothing_is_changed_together_with_a_signature(papers: Papers, beside: Beside) -> None:
    """By someone who has the clinic's key, and countersigns."""
    sign_pdf = PdfSigner.sign_pdf

    def with_more(self: Any, writer: Any, **options: Any) -> Any:
        beside(writer)
        return sign_pdf(self, writer, **options)

    mark = Mark(field="signature-2", name="Sample Prescriber One", meaning=AGREED)
    with patch.object(PdfSigner, "sign_pdf", with_more):
        forged = sign(Order(papers.signed, (mark,), papers.seal))
    assert "was changed, which no signature does" in signatures(forged)[1][-1].flaw


def test_a_signature_from_before_its_certificate_is_said(papers: Papers) -> None:
    young = seal.make("Sample Clinic", 3_000_000_000_000_000)
    draft = page_of(record_in(papers.signed))
    _, (found,) = signatures(sign(Order(draft, (_mark(draft),), Seal(pem=young.pem, key=young.key))))
    assert (found.flaw, found.in_time) == ("", False)
    assert [each.in_time for each in signatures(papers.both)[1]] == [True, True]


def test_a_signed_note_holds_after_its_patients_record_was_merged_into_another(desk: Desk) -> None:
    therapist = _therapist(desk)
    one, other = desk.patient(therapist), desk.patient(therapist, "Sample Patient A")
    room = _signed(desk, therapist, one)
    for each in merging.merge(desk.clinic, one, other, "registered twice", therapist):
        desk.kept(each)
    desk.kept(signing.add(desk.clinic, room, therapist.by, "A late thought."))
    verdict = verify(paper_of(desk, room.id))
    assert wrong(verdict) == ""
    assert "It is version 2 of the note" in said(verdict)


def test_someone_who_is_called_otherwise_since_signs_under_the_name_that_the_page_has(desk: Desk) -> None:
    """The paper waits for a certificate, say; meanwhile a name is corrected."""
    therapist = _therapist(desk)
    room = desk.dosed(desk.room(therapist))
    desk.kept(room.record(Ended("completed")))
    desk.kept(room.record(desk.clinic.signing(room), actor=therapist))
    desk.kept(desk.clinic.recorder.record(PersonAdded(therapist.by, "Sample Married", ("therapist",)), therapist))
    desk.clinic.papers.make_all(room.id)
    verdict = verify(paper_of(desk, room.id))
    assert wrong(verdict) == ""
    assert "Signed by Sample Therapist One" in said(verdict)


def test_under_which_name_a_paper_was_filed_is_on_no_note(desk: Desk) -> None:
    """The file was named after the patient in whose record the visit stood then."""
    therapist = _therapist(desk)
    room = _signed(desk, therapist, desk.patient(therapist))
    kept = hashlib.sha256(paper_of(desk, room.id)).hexdigest()
    desk.kept(room.record(PaperFiled(kept, "2026-03-02 Wrong Sample W note v1.pdf")))
    desk.kept(signing.add(desk.clinic, room, therapist.by, "A late thought."))
    newest = paper_of(desk, room.id)
    assert b"Wrong Sample W" not in look_into(newest).attached[attached.NAME]
    assert any(line.body.kind == "paper-filed" for line in record_in(newest).visit), "the chain has it"
    assert wrong(verify(newest)) == ""
    assert not any("cannot be read here" in page for page in look_into(newest).pages)


def test_what_was_undone_at_once_leaves_its_place_on_the_note_and_not_its_words(desk: Desk) -> None:
    """It was perhaps another patient's: whoever takes it back relies on it."""
    therapist = _therapist(desk)
    room = desk.dosed(desk.room(therapist))
    for kind in (NoteTaken("Another Sample B weeps"), WeightMeasured(70_000, "2026-01-01")):
        wrong_one = desk.kept(room.record(kind)).statement.id
        desk.kept(room.record(Struck(wrong_one, "undone", undo=True)))
    kept = desk.kept(room.record(NoteTaken("A tear"))).statement
    mended = desk.kept(room.record(Corrected(kept.id, NoteTaken("No tear of B"), kept.at_us, "looked again"))).statement
    desk.kept(room.record(Struck(mended.id, "undone", undo=True)))
    desk.kept(room.record(Ended("completed")))
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    paper = paper_of(desk, room.id)
    words, pages = look_into(paper).attached[attached.NAME].decode(), " ".join(look_into(paper).pages)
    assert [each in words for each in ("Another Sample B", "70000", "tear of B", "A tear")] == [
        False,
        False,
        False,
        True,
    ]
    assert "3 lines were undone within ten seconds" in pages
    assert "cannot be read here" not in pages
    verdict = verify(paper)
    assert wrong(verdict) == ""
    assert "to the last byte" in said(verdict)
    record = record_in(paper)
    undoing = next(line for line in record.visit if line.body.kind == "struck")
    without = with_(record, visit=tuple(line for line in record.visit if line is not undoing))
    assert any("nothing says that it was erased" in each for each in attached.flaws(without))


def _therapist(desk: Desk) -> Actor:
    therapist = desk.person("Sample Therapist One", "therapist")
    if not desk.clinic.state.seals:
        made = seal.make("Sample Clinic", desk.clinic.clock.now().utc_us)
        desk.kept(seal.take(desk.clinic, made, ITSELF))
    return therapist


def _signed(desk: Desk, therapist: Actor, patient: Any) -> Any:
    room = desk.dosed(desk.room(therapist, patient))
    desk.kept(room.record(Ended("completed")))
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    paper_of(desk, room.id)
    return room
