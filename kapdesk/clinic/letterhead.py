"""What whoever runs the clinic decides of its papers' head: the letterhead, licence numbers, which minutes count."""

from collections.abc import Mapping

from kapdesk.clinic.open import OpenClinic
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Fact
from kapdesk.facts.letterhead import CountedMinutesSet, LetterheadSet, LicenceNumberSet
from kapdesk.facts.people import Actor
from kapdesk.record.recorder import Recording


def keep(
    clinic: OpenClinic,
    lines: tuple[str, ...],
    licences: Mapping[str, str],
    minutes: CountedMinutesSet | None,
    actor: Actor,
) -> Recording | None:
    """How the papers stand from now on; signed ones keep theirs. `licences` are numbers by person, "" for none.

    Only what is new is recorded; gives the last of it, None where nothing is. Raises KnownError where the actor may
    not, and for what cannot stand on a paper; then nothing was recorded.
    """
    clinic.require(actor.entered_by, "settings")
    state = clinic.state
    new: list[Fact] = [LetterheadSet(lines)] if lines != state.letterhead else []
    for person, number in licences.items():
        if number != state.licences.get(person, ""):
            new.append(LicenceNumberSet(person, number))
    if minutes is not None and minutes != state.counted:
        new.append(minutes)
    now_us = clinic.clock.now().utc_us
    for fact in new:
        if sentence := clinic.recorder.doubt(fact, actor, now_us):
            raise KnownError(sentence)
    recorded = [clinic.recorder.record(fact, actor) for fact in new]
    return recorded[-1] if recorded else None
