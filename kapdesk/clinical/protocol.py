"""A protocol: the clinic's plan for one kind of session, written as TOML.

Every figure in a shipped protocol is an example, to be approved by the clinic's medical director.
"""

import difflib
import hashlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from kapdesk.clinical import lines
from kapdesk.clinical.vitals import Limits
from kapdesk.errors import KnownError
from kapdesk.facts.after import LeavingScore
from kapdesk.facts.care import Scale
from kapdesk.facts.people import Role
from kapdesk.facts.words import PHASES, Phase, Route
from kapdesk.toml import LARGEST, brief, loads

logger = logging.getLogger(__name__)

FORMAT = 1

DAY_MIN = 1440
_LONG = "is more than a day; minutes are meant"
_KINDS = {
    "int": "a whole number",
    "float": "a broken number",
    "str": "text",
    "bool": "yes or no (true, false)",
    "array": "a list",
    "object": "a table",
}

Need = Literal[
    "weight",
    "baseline",
    "order",
    "intention",
    "indication",
    "clearance",
    "screening",
    "consent",
    "crisis",
    "escort",
    "location",
    "companion",
]
Setting = Literal["clinic", "home"]
Sedation = Literal["MOAA/S", "RASS"]


class PlannedPhase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One phase of the effect and how long it usually lasts, in minutes."""

    phase: Phase
    minutes: int


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a checklist: how records call it, and what it says. Unless `needed` is false it holds until answered
    with yes (or "does not apply"). Below one whose id begins with "suicide" it is asked what was said and who knows."""

    id: str
    words: str
    needed: bool = True


class Leaving(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a patient may leave: observed for so many minutes from the last dose of the session's own medication, or,
    where `from_any_medicine` says so, from the last medicine of any kind (a rescue dose as well); pressure near the
    first reading's (in percent), a reading no older than so many minutes, at least `score_least` points of the
    discharge scale `score`, and what is looked at and ticked."""

    observed_min: int = 0
    pressure_within_percent: int = 0
    reading_within_min: int = 0
    items: tuple[Item, ...] = ()
    score: LeavingScore | None = None
    score_least: int = 9
    from_any_medicine: bool = False

    @property
    def since(self) -> str:
        """From what the time counts, in words."""
        return "the last medicine of any kind" if self.from_any_medicine else "the last dose"


class Rating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rating on a scale that is due: at so many minutes from the first dose (each of `at_min`), or once the phase
    `after_phase` is over."""

    scale: Scale
    at_min: tuple[int, ...] = ()
    after_phase: Phase | None = None


class Protocol(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a session is planned to go.

    `infuse_over_min`: a dose runs in over so long, 0 for at once. `vitals_at_min`: minutes from the first dose at which
    vitals are due, and `vitals_every_min` after the last of them
    (or from the dose on). `recheck_min`: how soon a reading outside the limits is repeated. `most_mg`,
    `most_ug_per_kg` and `most_total_mg`: the clinic's caps for one dose, for one dose by weight (µg/kg), for the route
    in one session; above them it is asked. `needs`: what KapDesk itself looks for before a dose, `staff` who must be
    in the room, `before` the clinic's own list; `second_check`: a second person looks at each dose;
    `count_substances`: what was drawn is counted and witnessed before the visit is signed.
    `booster_adds_min`: how much longer the peak lasts for each later dose given before the peak ends. `limits_before`
    hold before the first dose (delay it when above), `limits_after` from then on.
    `ratings`: which scales are due when. `hold_min`: how long a sublingual dose is to be held in the mouth.
    `device_mg`: what one device of a nasal dose holds, and `device_gap_min` how long it is from one to the next.
    `screening`: what is asked of the patient's health, again after `screening_days` (0: in each visit); a yes to a line
    that is `needed` holds. `consent`: what they agree to; a no to a line that is `needed` holds. Without a list of its
    own a protocol has those of `asked`. `safety`: the clinic's own words for when there are suicidal thoughts.
    `playlist`: the name of the playlist's file that the session starts with, "" for the first at hand.
    `setting`: "home" where the patient is at home, watched by video; it then has to need location and companion.
    """

    format: int
    name: str
    version: str
    medication: str
    route: Route
    phases: tuple[PlannedPhase, ...]
    vitals_every_min: int
    usual_doses_mg: tuple[int, ...] = ()
    infuse_over_min: int = 0
    booster_adds_min: int = 0
    vitals_at_min: tuple[int, ...] = ()
    recheck_min: int = 0
    most_mg: int = 0
    most_ug_per_kg: int = 0
    most_total_mg: int = 0
    needs: tuple[Need, ...] = ()
    staff: tuple[Role, ...] = ()
    before: tuple[Item, ...] = ()
    screening: tuple[Item, ...] = ()
    screening_days: int = 30
    consent: tuple[Item, ...] = ()
    safety: str = ""
    setting: Setting = "clinic"
    leaving: Leaving = Leaving()
    sedation: Sedation | None = None
    ratings: tuple[Rating, ...] = ()
    hold_min: int = 0
    device_mg: int = 0
    device_gap_min: int = 0
    second_check: bool = False
    count_substances: bool = False
    limits_before: Limits = Limits()
    limits_after: Limits = Limits()
    playlist: str = ""
    source: str = ""

    def limits_at(self, at_us: int, first_dose_us: int | None) -> Limits:
        """The limits that hold at a time (UTC µs): those before the first dose, or those from it on."""
        before = first_dose_us is None or at_us < first_dose_us
        return self.limits_before if before else self.limits_after

    def minutes(self, phase: Phase) -> int:
        """How long a phase is planned to last; 0 for one the protocol does not have."""
        return next((p.minutes for p in self.phases if p.phase == phase), 0)


def parse(toml: str, name: str = "protocol") -> Protocol:
    """A protocol from its TOML. `name` is how the file is called in messages.

    Raises KnownError naming file, line or field when it cannot be read.
    """
    try:
        content = loads(toml.encode("utf-8", "replace").decode())
    except ValueError as error:
        raise KnownError(
            f"{name} is not readable TOML: {brief(str(error))}. Mend the file or choose another protocol."
        ) from error
    protocol, found = check(content)
    if fault := next((fault for fault in found if fault.hinders), None):
        raise KnownError(sentence(fault, toml, name))
    assert protocol is not None, "what does not hinder was read"
    return protocol


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in a protocol: the field, as `phases[1].minutes`, and why. `hinders` False: one that was used with
    a patient before it was looked for is still read; it is only not chosen, written or approved any more."""

    path: str
    words: str
    hinders: bool = True


def sentence(fault: Fault, toml: str, name: str) -> str:
    """A fault in one plain sentence that names file, line (where the field stands in the text) and field."""
    line = lines.nearest(toml, fault.path)
    place = f", line {line}" if line else ""
    field = f", field {brief(fault.path)}" if fault.path else ""
    return f"{name}{place}{field}: {brief(fault.words)}. Mend the file or choose another protocol."


def check(content: dict[str, Any]) -> tuple[Protocol | None, tuple[Fault, ...]]:
    """A protocol from what its TOML holds, None where it cannot be read as one; and all that is wrong, in order."""
    if (told := content.get("format", FORMAT)) != FORMAT and isinstance(told, int):
        words = f"this is of format {brief(str(told))}, and this KapDesk reads format {FORMAT}; update KapDesk"
        return None, (Fault("format", words),)
    try:
        protocol = msgspec.convert(content, Protocol)
    except msgspec.ValidationError as error:
        return None, (_unread(error),)
    return protocol, tuple(faults(protocol))


def every_fault(content: dict[str, Any], spare: Protocol) -> tuple[Fault, ...]:
    """All that is wrong with what is being typed: a field that cannot be read hides no other, for in its place the
    one of `spare` is looked at."""
    found: list[Fault] = []
    holds = dict(content)
    for _ in range(len(Protocol.__struct_fields__)):
        plan, told = check(holds)
        found += told
        if plan is not None:
            break
        top = re.split(r"[.\[]", told[0].path)[0]
        if top not in Protocol.__struct_fields__:
            break
        holds[top] = msgspec.to_builtins(getattr(spare, top))
    return tuple(found)


def faults(protocol: Protocol) -> Iterator[Fault]:
    """All that is wrong with a protocol, field by field."""
    yield from _phases(protocol)
    yield from _numbers(protocol)
    yield from _ratings(protocol)
    yield from _lists(protocol)
    for field, limits in (("limits_before", protocol.limits_before), ("limits_after", protocol.limits_after)):
        if crossed := limits.crossed():
            yield Fault(field, crossed)
        for name, words in limits.odd():
            yield Fault(f"{field}.{name}", words, hinders=False)
    for field in ("name", "version", "medication"):
        if not getattr(protocol, field).strip():
            yield Fault(field, "is empty", hinders=False)


def _phases(protocol: Protocol) -> Iterator[Fault]:
    seen: list[Phase] = []
    for n, each in enumerate(protocol.phases):
        if each.phase in seen:
            yield Fault(f"phases[{n}].phase", f"{each.phase} stands there twice; each phase once, in order")
        elif seen and PHASES.index(each.phase) < PHASES.index(seen[-1]):
            yield Fault(
                f"phases[{n}].phase", f"{each.phase} comes after {seen[-1]}; phases go in order {', '.join(PHASES)}"
            )
        if each.minutes <= 0:
            yield Fault(f"phases[{n}].minutes", "must be above 0")
        elif each.minutes > DAY_MIN:
            yield Fault(f"phases[{n}].minutes", _LONG, hinders=False)
        seen.append(each.phase)
    if not protocol.phases:
        yield Fault("phases", "a session needs one phase at least", hinders=False)


def _numbers(protocol: Protocol) -> Iterator[Fault]:
    at, leaving = protocol.vitals_at_min, protocol.leaving
    if protocol.setting == "home" and not {"location", "companion"} <= set(protocol.needs):
        yield Fault("needs", "a session at home needs location and companion")
    if protocol.vitals_every_min <= 0:
        yield Fault("vitals_every_min", "must be above 0")
    if list(at) != sorted(set(at)) or (at and at[0] < 0):
        yield Fault("vitals_at_min", "minutes from the first dose, each later than the one before")
    numbers = {
        "vitals_every_min": protocol.vitals_every_min,
        "booster_adds_min": protocol.booster_adds_min,
        "infuse_over_min": protocol.infuse_over_min,
        "recheck_min": protocol.recheck_min,
        "hold_min": protocol.hold_min,
        "device_mg": protocol.device_mg,
        "device_gap_min": protocol.device_gap_min,
        "screening_days": protocol.screening_days,
        "most_mg": protocol.most_mg,
        "most_ug_per_kg": protocol.most_ug_per_kg,
        "most_total_mg": protocol.most_total_mg,
        "leaving.observed_min": leaving.observed_min,
        "leaving.pressure_within_percent": leaving.pressure_within_percent,
        "leaving.reading_within_min": leaving.reading_within_min,
        "leaving.score_least": leaving.score_least,
    }
    for field, number in numbers.items():
        if number < 0 and field != "vitals_every_min":
            yield Fault(field, "cannot be below 0")
        if field.endswith("_min") and number > DAY_MIN:
            yield Fault(field, _LONG, hinders=False)
    if leaving.score_least > 10:
        yield Fault("leaving.score_least", "the discharge scales go up to 10")
    if 0 < protocol.most_total_mg < protocol.most_mg:
        yield Fault("most_total_mg", "is below most_mg, the cap of one dose")
    if any(dose <= 0 for dose in protocol.usual_doses_mg):
        yield Fault("usual_doses_mg", "each dose must be above 0", hinders=False)
    if 0 < protocol.most_mg < max(protocol.usual_doses_mg, default=0):
        yield Fault("usual_doses_mg", "a usual dose is above most_mg, the cap of one dose", hinders=False)


def _ratings(protocol: Protocol) -> Iterator[Fault]:
    for n, rating in enumerate(protocol.ratings):
        if bool(rating.at_min) == (rating.after_phase is not None):
            yield Fault(f"ratings[{n}]", "give either at_min or after_phase")
        if list(rating.at_min) != sorted(set(rating.at_min)) or (rating.at_min and rating.at_min[0] < 0):
            yield Fault(f"ratings[{n}].at_min", "minutes from the first dose, each later than the one before")
        if (
            rating.after_phase is not None
            and protocol.phases
            and rating.after_phase not in {each.phase for each in protocol.phases}
        ):
            yield Fault(f"ratings[{n}].after_phase", f"this protocol has no {rating.after_phase}")
        if rating.scale in ("MOAA/S", "RASS") and rating.scale != (protocol.sedation or rating.scale):
            yield Fault(f"ratings[{n}].scale", f"this protocol's sedation scale is {protocol.sedation}")


def _lists(protocol: Protocol) -> Iterator[Fault]:
    lists = {
        "before": protocol.before,
        "screening": protocol.screening,
        "consent": protocol.consent,
        "leaving.items": protocol.leaving.items,
    }
    for field, items in lists.items():
        ids = [item.id for item in items]
        for n, item in enumerate(items):
            if item.id in ids[:n]:
                yield Fault(f"{field}[{n}].id", f"“{item.id}” stands there twice")
            if not item.id.strip() or not item.words.strip():
                yield Fault(f"{field}[{n}]", "each line needs an id and its words")


def _unread(error: msgspec.ValidationError) -> Fault:
    """What msgspec says of content that is no protocol, in plain words."""
    text = str(error)
    place = re.search(r" - at `\$\.?(.*)`$", text)
    path, text = (place[1], text[: place.start()]) if place else ("", text)
    path = re.sub(r"\[\.\.\.\]", "", path)
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", text):
        known = {name for kind in (Protocol, Limits, Leaving, Item, Rating) for name in kind.__struct_fields__}
        near = difflib.get_close_matches(unknown[1][:80], known, 1)
        perhaps = f"; perhaps {near[0]} is meant" if near else ""
        return Fault(f"{path}.{unknown[1]}".lstrip("."), f"KapDesk knows no field of this name or unit{perhaps}")
    if missing := re.fullmatch(r"Object missing required field `(.*)`", text):
        return Fault(f"{path}.{missing[1]}".lstrip("."), "is missing")
    if wrong := re.fullmatch(r"Expected `(.*)`, got `(.*)`", text):
        wanted = " or ".join(_KINDS.get(each, each) for each in wrong[1].split(" | ") if each != "null")
        return Fault(path, f"{wanted} is expected, and there is {_KINDS.get(wrong[2], wrong[2])}")
    if invalid := re.fullmatch(r"Invalid enum value '(.*)'", text):
        return Fault(path, f"“{invalid[1]}” cannot be chosen here")
    return Fault(path, text)


def read(path: Path) -> tuple[Protocol, str]:
    """A protocol file and its text, word for word."""
    try:
        if path.stat().st_size > 4 * LARGEST:
            raise KnownError(f"{path.name} holds {path.stat().st_size // 1000} kB; a protocol holds a few.")
        toml = path.read_text(encoding="utf-8")
        plan = parse(toml, path.name)
        if odd := next(faults(plan), None):
            raise KnownError(sentence(odd, toml, path.name))
        return plan, toml
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("%s cannot be read: %s", path.name, error)
        raise KnownError(f"{path.name} cannot be read: {error}. Choose another protocol.") from error
    except KnownError as error:
        logger.warning("%s", error)
        raise


def sha256(toml: str) -> str:
    """SHA-256 of a protocol's UTF-8 text, lower hex."""
    return hashlib.sha256(toml.encode()).hexdigest()
