"""Each section of what is known before a dose, in its one line."""

from uuid import UUID

import msgspec
import pytest

from kapdesk.clinical import asked
from kapdesk.facts.care import EscortNamed
from kapdesk.facts.clinic import ClinicFounded, PersonAdded
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import ConsentGiven, CrisisContactsSet, IndicationStated, MedicallyCleared, Screened
from kapdesk.people import clinic as clinics
from kapdesk.people import patient as patients
from tests.fakes import happened, minute
from ui.prepare import shown as tell
from ui.prepare.shown import Shown, Told, in_words, of_patient

DAY = 24 * 60
CLINIC = clinics.fold(
    [
        happened(ClinicFounded("Sample Clinic", "Europe/Warsaw", "a4"), 0),
        happened(PersonAdded("sample-person-1", "Doctor One", ("prescriber",)), 1, counter=1),
        happened(PersonAdded("sample-person-2", "Therapist Two", ("therapist",)), 1, counter=2),
    ]
)
ALL_NO: tuple[Fact, ...] = tuple(Screened(item.id, item.words, "no") for item in asked.SCREENING)
ALL_YES: tuple[Fact, ...] = tuple(ConsentGiven(item.id, item.words, True) for item in asked.CONSENT)


def shown(*facts: Fact, days: int = 0) -> Shown:
    """What was said on 2 March, so many days later."""
    patient = patients.fold(UUID(int=1), [happened(fact, 0, counter=n) for n, fact in enumerate(facts)])
    return of_patient(patient, CLINIC, minute(days * DAY))


def test_only_those_who_may_clear_are_offered() -> None:
    assert shown().people == (("sample-person-1", "Doctor One"),)


def test_an_indication_with_what_was_tried_or_without() -> None:
    assert tell.indication(shown()) == Told("Indication, and what was tried", there=False, open=True)
    assert tell.indication(shown(IndicationStated("Grief.", ""))).words == "Indication: Grief"
    assert tell.indication(shown(IndicationStated("Grief", "talks"))).words == "Indication: Grief. Tried: talks"


def test_a_clearance_says_who_and_until_when_and_asks_again_when_it_is_over() -> None:
    cleared = MedicallyCleared("2026-03-01", "ECG", "2026-03-31")
    told = tell.clearance(shown(cleared))
    assert (told.words, told.open) == ("Medically cleared on 1 March by Doctor One, until 31 March: ECG", False)
    over = tell.clearance(shown(cleared, days=30))
    assert (over.words, over.open) == ("Medical clearance by Doctor One ended on 31 March: ECG", True)


@pytest.mark.parametrize(
    ("changed", "days", "words", "there"),
    [
        ((), 0, "Screening of 2 March: no to all", True),
        ((Screened("apnoea", "Sleep apnoea", "yes", "a mask"),), 0, "yes to: Sleep apnoea (a mask)", True),
        ((Screened("mind", "Psychosis or mania", "yes"),), 0, "yes to: Psychosis or mania", False),
        ((), 31, "Screening: 10 of 10 to be asked again", False),
    ],
)
def test_a_screening_says_what_was_answered_yes_and_when_it_is_to_be_asked_again(
    changed: tuple[Fact, ...], days: int, words: str, there: bool
) -> None:
    told = tell.screening(shown(*ALL_NO, *changed, days=days))
    assert told.words.endswith(words)
    assert told.there == there


def test_a_consent_says_all_or_all_but_what() -> None:
    assert tell.consent(shown()).words == "Consent: 5 of 5 to be asked"
    assert tell.consent(shown(*ALL_YES)) == Told("Consent of 2 March: all", there=True, open=False)
    no_touch = tell.consent(shown(*ALL_YES, ConsentGiven("touch", "Touch", False)))
    assert no_touch == Told("Consent of 2 March: all but touch", there=True, open=False)
    nothing = tell.consent(shown(*ALL_YES, ConsentGiven("treatment", "", False)))
    assert nothing == Told("Consent of 2 March: all but the treatment", there=False, open=False)


def test_crisis_contacts_and_an_escort_who_was_not_reached_yet() -> None:
    assert tell.crisis(shown(CrisisContactsSet("a friend"))).words == "In a crisis: a friend"
    assert tell.escorted(shown()).open
    named = msgspec.structs.replace(shown(), escort=EscortNamed("A friend", "555-0100"))
    assert tell.escorted(named) == Told("Escort: A friend, 555-0100, not reached yet", there=False, open=True)


def test_a_day_of_another_year_has_its_year_and_what_is_no_day_stands_as_it_is() -> None:
    assert in_words("2026-03-02", "2026-09-01") == "2 March"
    assert in_words("2025-12-31", "2026-09-01") == "31 December 2025"
    assert in_words("soon", "2026-09-01") == "soon"
