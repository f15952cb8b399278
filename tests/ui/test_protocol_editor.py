"""A protocol is changed in a form: faults beside their field, versions, what differs, and approval only after."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from kapdesk.clinic import protocols
from kapdesk.clinical.protocol import check, parse, read
from kapdesk.facts.clinic import ProtocolWritten
from kapdesk.facts.people import Actor
from tests.ui.hand import Hand
from ui.clinic.page import ClinicPage
from ui.prepare.plan import Offer, PlanPanel
from ui.widgets.choice import Check, Choice

IM = "Intramuscular with booster · example"
OWN = "Intramuscular with booster · not approved"


@pytest.fixture
def hand(hand: Hand) -> Hand:
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    return hand


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def open_form(hand: Hand, starts: str = IM) -> ClinicPage:
    hand.day.go_home()
    hand.press("The clinic")
    page = hand.on(ClinicPage)
    hand.press(next(name for name in hand.buttons(page.protocols) if name.startswith(starts)))
    hand.press("Change this protocol")
    return page


def retype(hand: Hand, name: str, text: str) -> None:
    (edit,) = [each for each in hand.window.findChildren(QLineEdit) if each.accessibleName() == name]
    edit.clear()
    hand.write(name, text)


def write_it(hand: Hand, page: ClinicPage) -> None:
    hand.press("Write the protocol")
    hand.until(lambda: not page.editor.isVisible() or page.editor._refusal.text())
    assert page.editor._refusal.text() == ""
    hand.settle()


def own(hand: Hand) -> list[Path]:
    """The clinic's own, beside the plain one that every test begins with."""
    folder = hand.day.desk.clinic.log.folder / protocols.FOLDER
    return [path for path in sorted(folder.glob("*.toml")) if path.name != "plain.toml"]


def written(hand: Hand) -> list[ProtocolWritten]:
    return [h.fact for h in hand.day.desk.clinic.state.history.standing(ProtocolWritten)]


def test_a_changed_example_becomes_the_clinics_own_and_is_not_approved(hand: Hand) -> None:
    page = open_form(hand)
    retype(hand, "Systolic above, after the dose", "170")
    hand.press("Checklist: add a line")
    hand.write("Checklist, line 7", "Bladder asked")
    assert "Systolic above, after the dose: 160 → 170\nChecklist: + Bladder asked" in said(hand)
    write_it(hand, page)
    (path,) = own(hand)
    plan, toml = read(path)
    assert (path.name, plan.version, plan.limits_after.systolic_above) == ("im-booster.toml", "4", 170)
    assert (plan.before[-1].id, plan.before[-1].words) == ("bladder-asked", "Bladder asked")
    assert toml.startswith("# An example.")
    assert [(fact.file, fact.version, fact.toml) for fact in written(hand)] == [(path.name, "4", toml)]
    assert not next(each for each in protocols.at_hand(hand.day.desk.clinic) if each.path == path).approved_by
    assert "It is not approved yet." in said(hand)


def test_what_is_wrong_is_said_beside_its_field_and_is_not_written(hand: Hand) -> None:
    page = open_form(hand)
    retype(hand, "Systolic below, after the dose", "180")
    retype(hand, "Vitals then every, min", "often")
    retype(hand, "Minutes of peak", "0")
    fields = page.editor._fields
    assert fields["limits_after"].refusal.text() == "Systolic below 180 and above 160 cross."
    assert fields["vitals_every_min"].refusal.text() == "A whole number is expected, and there is text."
    assert fields["phases"].refusal.text() == "Peak: must be above 0."
    retype(hand, "Diastolic above, after the dose", "1000")
    assert "Diastolic above: 1000 is no reading that can be (20 to 200)." in fields["limits_after"].refusal.text()
    retype(hand, "Diastolic above, after the dose", "100")
    assert not hand.button("Write the protocol").isEnabled()
    retype(hand, "Systolic below, after the dose", "80")
    retype(hand, "Vitals then every, min", "10")
    retype(hand, "Minutes of peak", "40")
    assert not any(field.refusal.isVisible() for field in fields.values())
    assert hand.button("Write the protocol").isEnabled()
    assert own(hand) == []


@pytest.mark.parametrize("path", protocols.files(Path("/nowhere")), ids=lambda path: path.stem)
def test_a_form_that_nobody_touched_holds_the_protocol_as_it_is(hand: Hand, path: Path) -> None:
    hand.press("The clinic")
    page = hand.on(ClinicPage)
    plan = read(path)[0]
    page.editor.display(plan)
    assert check(page.editor.content()) == (plan, ())
    assert not page.editor._write.isEnabled()


def test_phases_and_lines_are_taken_out_and_moved(hand: Hand) -> None:
    page = open_form(hand)
    for tick in hand.window.findChildren(Check):
        if tick.accessibleName() in ("Phase onset", "What was drawn is counted and witnessed"):
            tick.click()
    hand.press("List before leaving, line 2: move up")
    hand.press("List before leaving, line 6: take out")
    write_it(hand, page)
    plan = read(own(hand)[0])[0]
    assert [each.phase for each in plan.phases] == ["settle", "ascent", "peak", "return", "recovery"]
    assert [item.id for item in plan.leaving.items] == ["gait", "oriented", "drinks", "suicide-leaving", "instructions"]
    assert not plan.count_substances


def test_a_version_is_compared_with_the_one_approved_last_before_it_is_approved(hand: Hand) -> None:
    clinic = hand.day.desk.clinic
    prescriber = hand.staff("Sample Prescriber Three", "prescriber")
    page = open_form(hand)
    retype(hand, "Most in one dose, mg", "90")
    write_it(hand, page)
    (path,) = own(hand)
    protocols.approve(clinic, read(path)[1], Actor(prescriber, prescriber)).kept.result()
    hand.settle()
    for most in ("80", "70"):
        page = open_form(hand, "Intramuscular with booster · approved" if most == "80" else OWN)
        retype(hand, "Most in one dose, mg", most)
        write_it(hand, page)
    assert len(own(hand)) == 1
    hand.press(next(name for name in hand.buttons(page.protocols) if name.startswith(OWN)))
    (against,) = [each for each in page.protocols.findChildren(Choice) if each.isVisible()]
    assert against.count() == 2
    assert "Version 4" in against.currentText()
    assert "approved by Sample Prescriber Three" in against.currentText()
    assert "Version: 4 → 6\nMost in one dose: 90 mg → 70 mg" in said(hand)
    against.setCurrentIndex(0)
    against.activated.emit(0)
    assert "Version: 5 → 6\nMost in one dose: 80 mg → 70 mg" in said(hand)


def test_what_someone_else_wrote_meanwhile_is_not_written_over(hand: Hand) -> None:
    page = open_form(hand)
    retype(hand, "Most in one dose, mg", "90")
    write_it(hand, page)
    page = open_form(hand, OWN)
    retype(hand, "Most in one dose, mg", "80")
    (path,) = own(hand)
    theirs = path.read_text(encoding="utf-8").replace("recheck_min = 5", "recheck_min = 7")
    path.write_text(theirs, encoding="utf-8")
    hand.press("Write the protocol")
    hand.until(lambda: "changed by someone else meanwhile" in said(hand))
    assert path.read_text(encoding="utf-8") == theirs
    assert parse(theirs).recheck_min == 7
    assert len(written(hand)) == 1


def test_it_is_for_prescribers_and_whoever_runs_the_clinic(hand: Hand) -> None:
    page = open_form(hand)
    retype(hand, "Most in one dose, mg", "90")
    nurse = hand.staff("Sample Nurse Two", "medical staff")
    hand.day.desk.typing = nurse
    hand.press("Write the protocol")
    assert "may not" in page.editor._refusal.text()
    assert own(hand) == []
    assert written(hand) == []


def test_the_plan_starts_with_the_protocols_playlist_and_another_can_be_chosen(hand: Hand) -> None:
    plan = PlanPanel()
    hand.bot.addWidget(plan)
    plan.display(
        (Offer(Path("a.toml"), "A", playlist="quiet"), Offer(Path("b.toml"), "B", playlist="gone")),
        (Offer(Path("loud.toml"), "Loud"), Offer(Path("quiet.toml"), "Quiet")),
    )
    assert plan.chosen() == (Path("a.toml"), Path("quiet.toml"))
    plan._groups["Playlist"].button(0).click()
    assert plan.chosen() == (Path("a.toml"), Path("loud.toml"))
    plan._groups["Protocol"].button(1).click()
    assert plan.chosen() == (Path("b.toml"), Path("loud.toml"))
    plan._groups["Protocol"].button(0).click()
    assert plan.chosen() == (Path("a.toml"), Path("quiet.toml"))
