"""Nasal esketamine is given device by device: one at a time, the next one due after its gap, the order for them all."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clinical.protocol import parse
from kapdesk.facts.patient import OrderWritten
from kapdesk.facts.session import Corrected, DoseGiven, PatientArrived, VisitOpened
from kapdesk.session.devices import next_device, number
from kapdesk.session.due import due
from kapdesk.session.ordered import beyond_order
from kapdesk.session.state import Session, fold
from tests.fakes import happened, minute
from tests.plain import PLAIN
from tests.session.sample import IDS

PLAN = msgspec.structs.replace(
    parse(PLAIN), medication="esketamine", route="nasal", device_mg=28, device_gap_min=5, usual_doses_mg=(56, 84)
)
OPENED = VisitOpened("dosing", IDS[0], False, "Europe/Warsaw", "a4")
ORDER = OrderWritten("esketamine", "nasal", 56_000, 0, "2099-01-01")


def device(n: int, of: int, ug: int = 28_000) -> DoseGiven:
    return DoseGiven("esketamine", ug, "nasal", f"device {n} of {of}")


def given_at(*doses: tuple[float, DoseGiven]) -> Session:
    said = [happened(OPENED, 0, counter=0), happened(PatientArrived(), 0, counter=1)]
    return fold([*said, *(happened(dose, at, counter=n + 2) for n, (at, dose) in enumerate(doses))])


def devices_due(session: Session) -> Sequence[tuple[str, int]]:
    return [(each.what, each.at_us) for each in due(session, PLAN) if each.device]


def test_the_next_device_is_due_after_its_gap_until_the_last_one_was_given() -> None:
    assert devices_due(given_at()) == []
    assert devices_due(given_at((15, device(1, 3)))) == [("Device 2 of 3", minute(20))]
    assert devices_due(given_at((15, device(1, 3)), (21, device(2, 3)))) == [("Device 3 of 3", minute(26))]
    assert devices_due(given_at((15, device(1, 2)), (20, device(2, 2)))) == []


def test_a_dose_that_says_nothing_of_devices_and_a_protocol_without_them_have_none_to_follow() -> None:
    assert next_device(given_at((15, DoseGiven("esketamine", 56_000, "nasal", "both sides"))), PLAN) is None
    assert next_device(given_at((15, device(1, 3))), parse(PLAIN)) is None
    assert number(DoseGiven("ketamine", 1, "im", "left deltoid")) is None


@given(st.floats(-10, 10))
def test_a_corrected_first_device_moves_when_the_next_is_due(moved: float) -> None:
    first = happened(device(1, 2), 15, counter=2)
    corrected = happened(Corrected(first.id, first.fact, minute(15 + moved), "given then"), 30, counter=3)
    (before,) = devices_due(fold([happened(OPENED, 0, counter=0), first]))
    (after,) = devices_due(fold([happened(OPENED, 0, counter=0), first, corrected]))
    assert after[1] - before[1] == minute(15 + moved) - minute(15)


@pytest.mark.parametrize(("ug", "covered"), [(28_000, True), (28_001, False)])
def test_an_order_covers_its_devices_in_all_and_no_more(ug: int, covered: bool) -> None:
    session = given_at((15, device(1, 2)))
    sentence = beyond_order(session, device(2, 2, ug), ORDER)
    assert (sentence is None) is covered
    assert beyond_order(session, DoseGiven("esketamine", 28_000, "nasal"), ORDER) is not None
