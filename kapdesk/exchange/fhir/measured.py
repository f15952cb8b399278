"""What was measured, rated and asked: vital signs, weight, scales, discharge scores, questionnaires. Pure."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from uuid import UUID, uuid5

from kapdesk.clinical import forms, leaving
from kapdesk.clinical import vitals as rules
from kapdesk.exchange import codes
from kapdesk.exchange.codes import Code
from kapdesk.exchange.fhir.shapes import Resource, by, concept, notes, quantity, to
from kapdesk.exchange.visit import Visit, decimal, is_day
from kapdesk.facts.after import LeavingScored
from kapdesk.facts.care import ScaleNotRated, ScaleRated
from kapdesk.facts.session import VitalsNotTaken, VitalsTaken, WeightMeasured
from kapdesk.people import scores
from kapdesk.people.scores import Taken
from kapdesk.record.history import Happening

_MEAN = "Calculated: diastolic + (systolic − diastolic) ÷ 3, rounded"
_LIMIT = "Alert limit of the protocol of that day; no range of normal values"


def vitals(visit: Visit) -> list[Resource]:
    """Every reading, a resource for each measure, and every reading that was due and left out; the weight."""
    made: list[Resource] = []
    for each in visit.told(WeightMeasured, VitalsTaken, VitalsNotTaken):
        match each.fact:
            case WeightMeasured(weight_g=grams, measured_on=day):
                when = day if is_day(day) else visit.stamp(each.at_us)
                weight = _observation(visit, each, each.id, "Body weight", (codes.WEIGHT,), codes.SIGNS)
                made.append(
                    weight | {"effectiveDateTime": when, "valueQuantity": quantity(decimal(grams, 3), codes.KG)}
                )
            case VitalsTaken():
                made += _reading(visit, each)
            case VitalsNotTaken(reason=reason):
                missed = _observation(visit, each, each.id, "Vital signs, a reading that was due", (), codes.SIGNS)
                made.append(missed | _left_out(each, reason))
            case _:
                pass
    return made


def ratings(visit: Visit) -> list[Resource]:
    """Every rating on a scale, those left out, and the discharge scores."""
    made: list[Resource] = []
    for each in visit.told(ScaleRated, ScaleNotRated, LeavingScored):
        match each.fact:
            case ScaleRated(scale=scale, value=value, remark=remark):
                known = codes.SCALES.get(scale)
                rated = _observation(visit, each, each.id, scale, (known,) if known else (), codes.SURVEY, remark)
                made.append(rated | {"valueQuantity": quantity(value, codes.SCORE)})
            case ScaleNotRated(scale=scale, reason=reason):
                known = codes.SCALES.get(scale)
                missed = _observation(visit, each, each.id, scale, (known,) if known else (), codes.SURVEY)
                made.append(missed | _left_out(each, reason))
            case LeavingScored(scale=scale, points=points):
                lines = zip(leaving.CRITERIA[scale], points, strict=False)
                scored = _observation(visit, each, each.id, f"{scale}, discharge score", (), codes.SURVEY)
                made.append(
                    scored
                    | {
                        "valueQuantity": quantity(sum(points), codes.SCORE),
                        "component": [_part(criterion.words, got) for criterion, got in lines],
                    }
                )
            case _:
                pass
    return made


def questionnaires(visit: Visit) -> list[Resource]:
    """The newest of each questionnaire answered by the day of the visit: its total, its parts, its change."""

    def known(each: Happening) -> bool:
        return max(str(each.fact.on), visit.day(each.at_us)) <= visit.on

    return [_questionnaire(visit, taken[-1]) for taken in scores.scores(visit.patient, known).values()]


def _questionnaire(visit: Visit, taken: Taken) -> Resource:
    score, said = taken.score, taken.said
    code = codes.FORMS.get(taken.id)
    flags = [each.words for each in score.flags] if score is not None else []
    told = [scores.told(taken), *([f"Flagged: {'; '.join(flags)}"] if flags else [])]
    asked = _observation(visit, said, said.id, taken.name, (code,) if code else (), codes.SURVEY, *told)
    asked |= {"effectiveDateTime": taken.on if is_day(taken.on) else visit.stamp(said.at_us), "encounter": None}
    if score is None or score.total is None:
        return asked | {"dataAbsentReason": {"text": forms.told(score) if score is not None else "cannot be scored"}}
    parts = [_part(part.name, part.points) for part in score.parts if part.points is not None]
    return asked | {"valueQuantity": quantity(score.total, codes.SCORE), "component": parts}


def _part(name: str, points: int) -> Resource:
    return {"code": {"text": name.strip() or "Part"}, "valueQuantity": quantity(points, codes.SCORE)}


def _reading(visit: Visit, each: Happening) -> list[Resource]:
    fact: VitalsTaken = each.fact
    how = rules.how_taken(fact)

    def one(name: str, known: tuple[Code, ...], *more: str) -> Resource:
        return _observation(visit, each, uuid5(each.id, name), name, known, codes.SIGNS, how, *more)

    made: list[Resource] = []
    pressure = (fact.systolic_mmhg, fact.diastolic_mmhg)
    if pressure != (None, None):
        panel = one("Blood pressure", (codes.PRESSURE,))
        panel["bodySite"] = {"text": f"{fact.arm} arm" if fact.arm else ""}
        panel["component"] = [
            _component(visit, each, "systolic_mmhg", "Systolic blood pressure", codes.SYSTOLIC),
            _component(visit, each, "diastolic_mmhg", "Diastolic blood pressure", codes.DIASTOLIC),
        ]
        made.append(panel)
        mean = rules.mean_mmhg(fact)
        if mean is not None:
            derived = one("Mean blood pressure", (codes.MEAN,))
            derived |= {"valueQuantity": quantity(mean, codes.MMHG), "method": {"text": _MEAN}}
            made.append(derived | {"derivedFrom": [to(UUID(panel["id"]))]})
    oxygen = fact.oxygen_ml_per_min
    for name, field, known, unit, shown in _SINGLE:
        value: int | None = getattr(fact, field)
        if value is not None:
            made.append(one(name, known) | _valued(visit, each, field, shown(value), unit))
            if field == "spo2_percent" and oxygen is not None:
                made[-1]["component"] = [_flow(oxygen)]
                oxygen = None
    if oxygen is not None:
        made.append(one(_FLOW, ()) | {"valueQuantity": quantity(decimal(oxygen, 3), codes.L_PER_MIN)})
    return made


_FLOW = "Inhaled oxygen flow rate"
_Shown = Callable[[int], Decimal]


def _whole(value: int) -> Decimal:
    return decimal(value, 0)


def _tenths(value: int) -> Decimal:
    return decimal(value, 1)


_SINGLE: tuple[tuple[str, rules.Field, tuple[Code, ...], Code, _Shown], ...] = (
    ("Heart rate", "pulse_per_min", (codes.PULSE,), codes.PER_MIN, _whole),
    ("Oxygen saturation", "spo2_percent", (codes.OXIMETRY, codes.SATURATION), codes.PERCENT, _whole),
    ("Respiratory rate", "breaths_per_min", (codes.BREATHS,), codes.PER_MIN, _whole),
    ("Body temperature", "temperature_dc", (codes.TEMPERATURE,), codes.CELSIUS, _tenths),
)


def _flow(ml_per_min: int) -> Resource:
    return {"code": {"text": _FLOW}, "valueQuantity": quantity(decimal(ml_per_min, 3), codes.L_PER_MIN)}


def _component(visit: Visit, each: Happening, field: rules.Field, name: str, code: Code) -> Resource:
    value: int | None = getattr(each.fact, field)
    part: Resource = {"code": concept(name, code)}
    if value is None:
        return part | {"dataAbsentReason": concept("Not measured", codes.NOT_PERFORMED)}
    return part | _valued(visit, each, field, decimal(value, 0), codes.MMHG)


def _valued(visit: Visit, each: Happening, field: rules.Field, value: Decimal, unit: Code) -> Resource:
    """A value with the clinic's alert limits that held, and on which side of them it lies."""
    protocol = visit.protocol
    limits = protocol.limits_at(each.at_us, visit.session.first_dose_us) if protocol else rules.Limits()
    high, low = limits.high(field), limits.low(field)
    shown = _tenths if field == "temperature_dc" else _whole
    bounds = {
        "low": quantity(shown(low), unit) if low is not None else None,
        "high": quantity(shown(high), unit) if high is not None else None,
    }
    sides = [flag.side for flag in rules.flags(each.fact, limits) if flag.field == field]
    found = {
        "above": concept("Above the alert limit", codes.HIGH),
        "below": concept("Below the alert limit", codes.LOW),
    }
    return {
        "valueQuantity": quantity(value, unit),
        "interpretation": [found[side] for side in sides],
        "referenceRange": [bounds | {"text": _LIMIT}] if (high, low) != (None, None) else [],
    }


def _left_out(each: Happening, reason: str) -> Resource:
    status = "entered-in-error" if each.struck else "cancelled"
    return {"status": status, "dataAbsentReason": concept(reason.strip() or "Left out", codes.NOT_PERFORMED)}


def _observation(
    visit: Visit, each: Happening, id_: UUID, name: str, known: Sequence[Code], category: Code, *more: str
) -> Resource:
    """What all of them share; `issued` is when it was typed."""
    performer = by(visit, each.by)
    return {
        "resourceType": "Observation",
        "id": str(id_),
        "status": "entered-in-error" if each.struck else "corrected" if each.first is not None else "final",
        "category": [concept(category.display, category)],
        "code": concept(name.strip() or "Without a name", *known),
        "subject": to(visit.patient.id),
        "encounter": to(visit.id),
        "effectiveDateTime": visit.stamp(each.at_us),
        "issued": visit.stamp(each.entered_at_us),
        "performer": [performer] if performer else [],
        "note": notes(visit, each, *more),
    }
