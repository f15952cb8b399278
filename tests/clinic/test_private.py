"""Private notes: written by their owner, sealed with a key of their own."""

import io
import json

import msgspec
import pikepdf
import pypdfium2
import pytest

from kapdesk.access.accounts import NewPassword
from kapdesk.clinic.audit import entries
from kapdesk.clinic.close import make
from kapdesk.clinic.exchange import events_csv, vitals_csv
from kapdesk.clinic.keyring import sign_in
from kapdesk.clinic.private import PrivateNotes, private_recorder, private_stream
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Unread
from kapdesk.facts.people import Actor
from kapdesk.facts.private import ReflectionWritten
from kapdesk.record.history import read
from tests.desk import Desk
from tests.keys import PASSWORD, keys_of


def signed_in(desk: Desk, name: str = "Sample Therapist") -> Actor:
    """A therapist with an account, who signed in at this desk."""
    therapist = desk.person(name, "therapist")
    desk.clinic.ring.add_person(therapist.by, name, NewPassword(PASSWORD))
    assert desk.clinic.ring.sign_in(name, PASSWORD) == therapist.by
    return therapist


def test_a_private_note_is_read_with_its_key_and_not_without(desk: Desk) -> None:
    therapist = signed_in(desk)
    patient = desk.patient(therapist)
    note = ReflectionWritten("What moved me today.")
    desk.kept(private_recorder(desk.clinic, therapist.by, patient).record(note, therapist))
    stream = private_stream(therapist.by, patient)

    (kept,) = desk.clinic.log.read(stream)
    assert read(kept).fact == note
    stored = desk.clinic.log.select("SELECT bytes FROM payload WHERE entry_id = ?", (kept.entry.body.id.bytes,))
    assert b"moved me" not in stored[0][0]
    assert not desk.clinic.check().damage

    desk.clinic.log.keys = msgspec.structs.replace(desk.clinic.log.keys, private_keys={})
    (sealed,) = desk.clinic.log.read(stream)
    assert read(sealed).fact == Unread("reflection-written", "sealed")


def test_the_key_outlives_the_desk(desk: Desk) -> None:
    therapist = signed_in(desk)
    patient = desk.patient(therapist)
    private_recorder(desk.clinic, therapist.by, patient)
    private_recorder(desk.clinic, therapist.by, patient)
    assert list(sign_in(desk.folder, "Sample Therapist", PASSWORD).own.private_keys) == [
        private_stream(therapist.by, patient).id
    ]
    assert keys_of(desk.folder).private_keys == {}, "nobody else holds it"


def test_private_notes_take_their_owners_own_password(desk: Desk) -> None:
    therapist = desk.person("Sample Therapist", "therapist")
    with pytest.raises(KnownError, match="Sign in with your password first"):
        private_recorder(desk.clinic, therapist.by, desk.patient(therapist))


def test_nobody_writes_into_the_private_notes_of_another(desk: Desk) -> None:
    therapist = signed_in(desk)
    other = desk.person("Sample Therapist Two", "therapist")
    recorder = private_recorder(desk.clinic, therapist.by, desk.patient(therapist))
    with pytest.raises(KnownError, match="belong to someone else"):
        recorder.record(ReflectionWritten("Not mine."), other)


def test_notes_are_read_by_their_author_and_whom_they_let_in(desk: Desk) -> None:
    author, other = signed_in(desk, "Sample Therapist One"), signed_in(desk, "Sample Therapist Two")
    patient = desk.patient(author)
    notes = PrivateNotes(desk.clinic, author.by, patient)
    desk.kept(notes.write("What moved me today."))
    theirs = PrivateNotes(desk.clinic, other.by, patient)
    assert (theirs.mine(), theirs.others()) == ([], [])
    notes.let_read(other.by)
    assert notes.readers() == ["Sample Therapist Two"]
    ((name, read_),) = PrivateNotes(desk.clinic, other.by, patient).others()
    assert (name, [each.fact.text for each in read_]) == ("Sample Therapist One", ["What moved me today."])


def test_nurses_and_administrators_keep_none(desk: Desk) -> None:
    nurse = desk.person("Sample Nurse")
    with pytest.raises(KnownError, match="are the therapist’s and the prescriber’s"):
        PrivateNotes(desk.clinic, nurse.by, desk.patient(nurse))


def test_what_is_half_typed_is_sealed_too_and_there_again(desk: Desk) -> None:
    therapist = signed_in(desk)
    patient = desk.patient(therapist)
    notes = PrivateNotes(desk.clinic, therapist.by, patient)
    notes.keep_half("half a thought about her father")
    desk.settle()
    (draft,) = desk.clinic.drafts.all().values()
    assert "father" not in draft.text
    assert PrivateNotes(desk.clinic, therapist.by, patient).half() == "half a thought about her father"
    notes.keep_half("")
    desk.settle()
    assert desk.clinic.drafts.all() == {}


def test_a_private_note_is_on_no_paper_nor_in_what_it_carries(desk: Desk) -> None:
    therapist = signed_in(desk)
    room = desk.dosed(desk.room(therapist))
    desk.kept(PrivateNotes(desk.clinic, therapist.by, room.patient.id).write("the heron, told to nobody"))
    pdf = make(desk.clinic, room.id)
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "heron" not in text
    with pikepdf.open(io.BytesIO(pdf)) as inside:
        carried = {name: each.get_file().read_bytes() for name, each in inside.attachments.items()}
        spec = inside.attachments["fhir.json"]
        assert (str(spec.obj.AFRelationship), spec.get_file().mime_type) == ("/Data", "application/fhir+json")
    fhir = json.loads(carried["fhir.json"])
    assert (fhir["type"], fhir["entry"][3]["resource"]["id"]) == ("document", str(room.id))
    taken_out = [vitals_csv(desk.clinic, [room.id]), events_csv(desk.clinic, [room.id])]
    assert all(b"heron" not in each for each in (*carried.values(), *taken_out))
    assert all("heron" not in str(each.what) for each in entries(desk.clinic))
