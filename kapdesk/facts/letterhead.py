"""What can be recorded of how the clinic stands on its papers: its letterhead, licence numbers, which minutes count."""

from typing import Literal

from kapdesk.facts.fact import Fact

CountedFrom = Literal["arrival", "clearance", "first dose"]
CountedTo = Literal["end of observation", "leaving"]


class LetterheadSet(Fact, frozen=True, tag="letterhead-set"):
    """What stands under the clinic's name on its notes from now on: address, phone, licence; no lines for nothing."""

    lines: tuple[str, ...]


class LicenceNumberSet(Fact, frozen=True, tag="licence-number-set"):
    """Under which number someone of the staff is licensed; the newest stands, an empty one takes it away."""

    person: str
    number: str


class CountedMinutesSet(Fact, frozen=True, tag="counted-minutes-set"):
    """Which minutes of a visit the clinic bills, from now on."""

    since: CountedFrom
    until: CountedTo


LetterheadFact = LetterheadSet | LicenceNumberSet | CountedMinutesSet
