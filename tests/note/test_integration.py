"""The sheet the patient takes home: their own words, and nothing clinical whatever was recorded."""

from datetime import date

import msgspec
import pytest

from kapdesk.facts.after import DebriefWritten, LeavingScored, PracticeAgreed
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    BreachAnswered,
    EmergencyBegan,
    EmergencyStepTaken,
    Overridden,
    ScaleRated,
    StateBegan,
    SubstanceCounted,
)
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.patient import (
    CrisisContactsSet,
    IndicationStated,
    MedicallyCleared,
    OrderWritten,
    PatientDescribed,
    PatientRegistered,
    Screened,
    VisitPlanned,
)
from kapdesk.facts.session import (
    DoseGiven,
    Ended,
    ImageryStarted,
    IntentionSet,
    NoteTaken,
    SummaryWritten,
    TrackStarted,
    TrackStopped,
    VisitOpened,
    VitalsTaken,
)
from kapdesk.note.integration import in_words, integration_of, said_by
from kapdesk.note.press import press_sheet
from kapdesk.note.sheet import Sheet, text_of
from kapdesk.note.telling import Telling
from kapdesk.people import patient as patients
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session.state import fold
from tests.fakes import happened
from tests.note.reading import poppler, unspaced
from tests.note.test_content import BEGIN, CLINIC, PATIENT, REGISTERED

OWN = (
    (IntentionSet("To meet the grief."), 4),
    (NoteTaken("like warm water", "Ease", True), 30),
    (TrackStarted("Lantern Slow", "a.flac", "settle", 0), 20),
    (TrackStopped("Lantern Slow", "a.flac", 1, 600_000, "faded"), 31),
    (ImageryStarted("Body scan", True), 22),
    (DebriefWritten("images", "A house by the sea."), 100),
    (PracticeAgreed("Ten minutes by the window."), 110),
)
CLINICAL: tuple[tuple[Fact, float], ...] = (
    (DoseGiven("zzketamine", 61_737, "im", "zz deltoid", 50_000, 1_200, "ZZLOT", "2027-08"), 20),
    (VitalsTaken(187, 109, 133, 91), 40),
    (NoteTaken("zz tremor of the left hand", "Movement"), 41),
    (StateBegan("zzEyes", "zz closed"), 42),
    (AdverseEventNoted("zz vomited", "severe", "zz ondansetron"), 43),
    (ScaleRated("CADSS-6", 23), 44),
    (Overridden("clearance", ("zz first reading",), "zz reason"), 45),
    (EmergencyBegan(), 46),
    (EmergencyStepTaken("zz oxygen"), 47),
    (SubstanceCounted("zzketamine", "ZZLOT", 100_000, 61_737, 38_263, 0), 48),
    (LeavingScored("Aldrete", (2, 2, 2, 2, 1)), 49),
    (SummaryWritten("how it went", "zz summary of the therapist"), 50),
    (SummaryWritten("indication", "zz treatment-resistant depression"), 51),
    (Ended("stopped early", "zz pressure"), 150),
)
OF_PATIENT: tuple[Fact, ...] = (
    IndicationStated("zz depression", "zz sertraline"),
    PatientDescribed(medicines="zz lithium", helps="zz hand"),
    OrderWritten("zzketamine", "im", 61_737, 0, "2026-12-31"),
    MedicallyCleared("2026-03-01", "zz ECG", "2026-12-31"),
    Screened("zz", "zz psychosis", "no"),
)


def telling(*facts: tuple[Fact, float] | Happening) -> Telling:
    told = [
        each if isinstance(each, Happening) else happened(*each, counter=n) for n, each in enumerate((*BEGIN, *facts))
    ]
    return Telling(fold(sorted(told, key=lambda h: h.order)), CLINIC)


def somebody(*facts: Fact, registered: PatientRegistered = REGISTERED) -> Patient:
    return patients.fold(PATIENT, [happened(registered, 0), *(happened(each, n) for n, each in enumerate(facts, 1))])


def below(sheet: Sheet, heading: str) -> str:
    (part,) = [each for each in sheet.parts if each.heading == heading]
    return text_of(msgspec.structs.replace(sheet, parts=(part,)))


def test_it_says_what_they_came_with_said_heard_and_want_to_do() -> None:
    patient = somebody(CrisisContactsSet("A sister, 555-0100"), VisitPlanned("integration", "2026-03-05"))
    sheet = integration_of(telling(*OWN), patient)
    assert "“To meet the grief.”" in below(sheet, "What you came with")
    for words in ("“like warm water”", "“A house by the sea.”"):
        assert words in below(sheet, "In your own words")
    for words in ("Lantern Slow", "Body scan, guided"):
        assert words in below(sheet, "What you heard")
    assert "Ten minutes by the window." in below(sheet, "What you want to do until we meet")
    assert "Thursday 5 March 2026, for integration." in below(sheet, "When we meet again")
    assert "A sister, 555-0100" in below(sheet, "If you need someone")


def test_the_clinic_stands_on_it_as_on_its_other_papers_and_a_phone_that_is_missing_has_a_line() -> None:
    told = telling(*OWN)

    def help_at(*lines: str) -> str:
        told.clinic = msgspec.structs.replace(CLINIC, letterhead=lines)
        return below(integration_of(told, somebody()), "If you need someone")

    assert "1 Sample Street, 00-950 Warsaw\nPhone 555-0111" in help_at(
        "1 Sample Street, 00-950 Warsaw", "Phone 555-0111"
    )
    assert "The clinic’s phone" not in help_at("Phone 555-0111")
    assert "The clinic’s phone" in help_at("1 Sample Street, 00-950 Warsaw")


def test_nothing_clinical_comes_onto_it_whatever_was_recorded() -> None:
    bare = integration_of(telling(*OWN, (Ended("completed"), 150)), somebody(CrisisContactsSet("A sister")))
    full = integration_of(telling(*OWN, *CLINICAL), somebody(CrisisContactsSet("A sister"), *OF_PATIENT))
    assert full == bare
    said = text_of(full)
    assert "zz" not in said.casefold()
    for clinical in ("penicillin", "1984", "NL-7", "mg", "187", "133", "91", "68.4", "122", "ketamine", "Nurse One"):
        assert clinical not in said


def test_a_breach_and_how_an_event_came_out_do_not_come_onto_it_either() -> None:
    event, reading = happened(AdverseEventNoted("zz fell", "mild"), 60), happened(VitalsTaken(187, 109), 61)
    more = (
        (AdverseEventSettled(event.id, "zz well"), 70),
        (BreachAnswered(reading.id, "prescriber told", "zz"), 71),
    )
    assert integration_of(telling(*OWN, event, reading, *more), somebody()) == integration_of(telling(*OWN), somebody())


def test_it_calls_them_as_they_wish_and_nowhere_by_another_name() -> None:
    said = text_of(integration_of(telling(*OWN), somebody()))
    assert "Ania, this is from Monday 2 March 2026." in said
    assert "Sample Patient A" not in said
    plain = msgspec.structs.replace(REGISTERED, preferred_name="")
    assert "Sample Patient A, this is" in text_of(integration_of(telling(*OWN), somebody(registered=plain)))


def test_only_what_was_marked_as_their_own_words_is_quoted_unless_someone_chooses() -> None:
    told = telling(
        *OWN,
        (NoteTaken("I feel sick", "Nausea", True), 40),
        (NoteTaken("Says “there is room”, in tears.", "Tears"), 50),
        (NoteTaken("Quiet."), 51),
    )
    offered = {each.text: each for each in said_by(told)}
    assert {text: each.own for text, each in offered.items()} == {
        "like warm water": True,
        "A house by the sea.": True,
        "I feel sick": False,
        "there is room": False,
    }
    said = text_of(integration_of(told, somebody()))
    assert "sick" not in said
    assert "room" not in said
    chosen = text_of(integration_of(told, somebody(), {offered["there is room"].id}))
    assert "“there is room”" in chosen
    assert "in tears" not in chosen
    assert "warm water" not in chosen
    assert "In your own words" not in text_of(integration_of(told, somebody(), ()))


def test_what_the_staff_wrote_around_their_words_is_not_theirs() -> None:
    told = telling((NoteTaken("Face softens. “He is not angry.” Later: “It is wide.”", "", True), 40))
    said = text_of(integration_of(told, somebody()))
    assert "“He is not angry.”" in said
    assert "“It is wide.”" in said
    for words in ("softens", "Later"):
        assert words not in said


def test_what_was_struck_is_not_quoted_and_quotation_marks_are_not_doubled() -> None:
    words = happened(NoteTaken("“I am light.”", "", True), 40)
    assert "““" not in text_of(integration_of(telling(words), somebody()))
    assert "“I am light.”" in text_of(integration_of(telling(words), somebody()))
    struck = happened(Struck(words.id, "another patient"), 41)
    assert "I am light" not in text_of(integration_of(telling(words, struck), somebody()))


def test_what_is_not_known_has_a_line_to_write_it_on() -> None:
    sheet = integration_of(telling(), somebody())
    assert [each.heading for each in sheet.parts] == ["When we meet again", "If you need someone"]
    said = text_of(sheet)
    for name in ("Day and time", "Whom to call in a crisis", "The clinic’s phone"):
        assert name in said


def test_a_visit_planned_for_a_day_before_is_no_next_one() -> None:
    patient = somebody(VisitPlanned("dosing", "2026-03-01"), VisitPlanned("follow-up", "2026-04-01"))
    said = below(integration_of(telling(), patient), "When we meet again")
    assert "1 April 2026, to look back together" in said
    assert "1 March" not in said


def test_the_day_is_said_in_english_whatever_the_computer_speaks() -> None:
    assert in_words(date(2026, 11, 26)) == "Thursday 26 November 2026"


def test_a_rehearsal_says_so() -> None:
    opened = VisitOpened("dosing", PATIENT, True, "Europe/Warsaw", "a4")
    session = fold([happened(opened, 0), *(happened(*each) for each in OWN)])
    assert integration_of(Telling(session, CLINIC), somebody()).rehearsal


@pytest.fixture(scope="module")
def printed() -> tuple[Sheet, bytes]:
    words = tuple((NoteTaken(f"word {n} " + "and so it went on " * 12, "", True), 30 + n / 10) for n in range(40))
    patient = somebody(CrisisContactsSet("A sister, 555-0100"), VisitPlanned("integration", "2026-03-05"))
    sheet = integration_of(telling(*OWN, *words), patient, paper="Letter")
    return sheet, press_sheet(sheet)


def test_every_word_of_it_is_on_the_paper(printed: tuple[Sheet, bytes]) -> None:
    sheet, pdf = printed
    text = unspaced(poppler(pdf))
    for part in sheet.parts:
        assert unspaced(part.heading) in text
    assert all(f"“word{n}and" in text for n in range(40))
    for words in (sheet.title, "Ten minutes by the window.", "A sister, 555-0100", "Yours to keep", "Lantern Slow"):
        assert unspaced(words) in text
