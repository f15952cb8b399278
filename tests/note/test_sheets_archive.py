"""Every paper beside the session note keeps both standards: what a clinic files must last, and be read aloud."""

import unicodedata
from collections.abc import Callable
from datetime import date
from uuid import UUID

import msgspec
import pytest

from kapdesk import paths
from kapdesk.clinical import protocol
from kapdesk.clinical.protocol import Item
from kapdesk.facts.session import NoteTaken
from kapdesk.note.downtime import downtime_of
from kapdesk.note.downtime_page import set_downtime
from kapdesk.note.handover import handover_of
from kapdesk.note.integration import integration_of
from kapdesk.note.monthly import Month, monthly_of
from kapdesk.note.observed import due, fields_of, sheet
from kapdesk.note.sheet_page import set_sheet
from kapdesk.note.substances import balances, substances_of
from kapdesk.note.telling import Telling
from tests.clinic.test_overview import BETWEEN, FIRST, SECOND, overview
from tests.note.reading import poppler, unspaced
from tests.note.test_archive import AWKWARD
from tests.note.test_content import CLINIC, SOMEBODY
from tests.note.test_handover import fallen
from tests.note.test_integration import OWN, somebody, telling
from tests.note.test_monthly import visit
from tests.note.test_observed import PLAN, note_of, session_of, whole
from tests.note.test_substances import COUNT, DAYS, DOSES
from tests.note.vera import failures


def awkward() -> list[tuple[NoteTaken, float]]:
    """Their own words in other letters, with signs that no font has, and over the page."""
    return [(NoteTaken(text, "", True), 60 + n) for n, text in enumerate(AWKWARD)]


def month() -> bytes:
    counted = balances([COUNT], [DOSES])
    return set_sheet(monthly_of(Month(date(2026, 11, 1), (visit(1, open=("to be filed",)),), counted), "Sample Clinic"))


def observation() -> bytes:
    told = Telling(session_of(*whole()), CLINIC)
    note = note_of(told.session, SOMEBODY, CLINIC)
    return set_sheet(sheet(note, fields_of(told, PLAN, SOMEBODY), due(told)))


def downtime() -> bytes:
    plan, _ = protocol.read(paths.shipped("resources", "protocols", "im-booster.toml"))
    many = tuple(Item(f"line-{n}", f"Line {n} of a list that goes on over the page.") for n in range(90))
    return set_downtime(downtime_of(msgspec.structs.replace(plan, before=many), "Sample Clinic", approved=False))


PAPERS: dict[str, Callable[[], bytes]] = {
    "integration": lambda: set_sheet(integration_of(telling(*OWN, *awkward()), somebody())),
    "substances": lambda: set_sheet(substances_of([COUNT], [DOSES], DAYS, "Sample Clinic")),
    "course": lambda: set_sheet(overview(FIRST, SECOND, BETWEEN)),
    "handover": lambda: set_sheet(handover_of(fallen())),
    "month": month,
    "observation": observation,
    "downtime": downtime,
}


@pytest.mark.parametrize("name", PAPERS)
def test_it_keeps_both_standards(name: str) -> None:
    pdf = PAPERS[name]()
    assert failures(pdf, "3a") + failures(pdf, "ua1") == []
    assert UUID(int=7).hex.encode() not in pdf


def test_their_own_words_come_out_of_it_as_they_were_said() -> None:
    text = unspaced(poppler(PAPERS["integration"]()))
    for words in ("她说很平静,像在水里。", "e\u0301", "</P> <</MCID 0>> BDC"):
        assert unspaced(unicodedata.normalize("NFC", words)) in unicodedata.normalize("NFC", text)
    assert text.count("page.") == 260
