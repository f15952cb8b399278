"""Invented notes for the tests of the paper."""

import math
from collections.abc import Sequence

import msgspec

from kapdesk.note.paper import (
    Amendment,
    Chart,
    Column,
    Digest,
    Dose,
    Event,
    Figure,
    Flag,
    Head,
    Imagery,
    Lasted,
    Late,
    Limit,
    Mark,
    Named,
    Note,
    NotTaken,
    Observation,
    Patient,
    PhaseNotes,
    Point,
    Present,
    Reading,
    RouteSum,
    Signature,
    Span,
    Tile,
    TimeNotice,
    Track,
    Vitals,
)

MINUTE_MS = 60_000
START_S = 10 * 3600 + 2 * 60
PHASES = (
    ("settle", -15, 0),
    ("onset", 0, 6),
    ("ascent", 6, 18),
    ("peak", 18, 58),
    ("return", 58, 95),
    ("recovery", 95, 180),
)
TRACKS = (
    ("Lantern Slow", "-12", -12, -1),
    ("Tide Room", "-1", -1, 15),
    ("Copper Sky", "15", 15, 31),
    ("Long Field", "31", 31, 50),
    ("Interval", "50", 50, 54),
    ("Wide Water", "54", 54, 78),
    ("Low Sun", "78", 78, 99),
    ("Home Road", "99", 99, 126),
)
LASTED = (
    ("Eyes closed", -2, 41, False, False),
    ("Eyes closed", 47, 93, False, False),
    ("Silence", 20, 23, False, False),
    ("Psychotherapy, parts work", 101, 136, False, True),
    ("Unsteady", 60, 180, True, False),
)
SAID = (
    ("Eyes", "Eyes closed, mask on. Breathing slow and even.", False),
    ("Ease", "like being held by warm water", True),
    ("Tears", "Tearful; hand support offered and accepted, as agreed beforehand.", False),
    ("Movement", "Shifts to the left side. Blanket adjusted.", False),
    ("", "Silent. Face relaxed, no distress seen.", False),
    ("", "It is all one colour, and I am in it.", True),
    ("Breath", "Speech slowed, slightly slurred; knows name and place. BP <160/100> & pulse even.", False),
    ("Nausea", "Mild nausea (2/10). Declines ondansetron for now.", False),
    ("Intervention", "Music turned down two steps at the patient’s request.", False),
    (
        "",
        (
            "Spoke at length about a garden in Łódź and her father; wept, then laughed. Describes a feeling of having "
            "permission to put something down that she had carried since childhood. Wishes to return to this later."
        ),
        False,
    ),
)


def clock(minute: float) -> str:
    seconds = START_S + round(minute * 60)
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def signed_minute(minute: int) -> str:
    return str(minute).replace("-", "−")


def points(count: int = 40, every: int = 5) -> tuple[Point, ...]:
    """A plausible course: pressure up by the first quarter of an hour, down by two hours, one dip in SpO₂."""
    made = []
    for i in range(count):
        minute = -15 + i * every
        lift = max(0.0, min(1.0, minute / 14)) if minute < 40 else max(0.0, 1 - (minute - 40) / 60)
        wave = math.sin(i * 2.4)
        systolic, diastolic = round(121 + 41 * lift + 3 * wave), round(77 + 21 * lift + 2 * math.cos(i * 1.7))
        pulse, spo2 = round(70 + 23 * lift + 3 * math.sin(i * 1.3)), min(100, round(97.6 - 2 * lift + wave * 0.6))
        if minute in (30, 35):
            spo2 -= 5
        made.append(
            Point(
                at_ms=minute * MINUTE_MS,
                systolic_mmhg=systolic,
                diastolic_mmhg=diastolic,
                pulse_per_min=pulse,
                spo2_percent=spo2,
                pressure_flag=flag(systolic, 160),
                spo2_flag="low" if spo2 < 92 else "",
            )
        )
    return tuple(made)


def flag(value: int, above: int) -> Flag:
    return "high" if value > above else ""


def sample(standing: str = "draft", paper: str = "A4", observations: int = 60) -> Note:
    """Three hours, forty readings, three doses: the note of an ordinary day with its small mishaps."""
    readings = points()
    return Note(
        standing=standing,  # type: ignore[arg-type]
        clinic="Northlight Clinic for Psychotherapy",
        patient=Patient(
            name="Sample Patient A",
            preferred="Żółć (Anna)",
            born="1984-03-09",
            number="NL-004512",
            weight="68.4 kg on 2026-11-19",
            allergies="penicillin (rash)",
        ),
        session="S-0318",
        date="2026-11-19",
        paper=paper,  # type: ignore[arg-type]
        subtitle="Intramuscular with booster  ·  dosing session",
        status="Not signed. Still to sign: therapist, prescriber."
        if standing == "draft"
        else "Practice only. Nobody was treated and no medication was given."
        if standing == "rehearsal"
        else "Signed by Nurse One, 2026-11-19 14:10 +01:00. From here on only additions.",
        tiles=(
            Tile(name="Ketamine, IM", value="80 mg · 1.17 mg/kg", more="2 doses"),
            Tile(name="Highest BP", value="164/98", more="mmHg at 10:17, 15 min", flag="high"),
            Tile(name="Lowest SpO₂", value="90 %", more="at 10:32, 30 min", flag="low"),
            Tile(name="Adverse events", value="2", more="both settled"),
            Tile(name="Left", value="13:04", more="with their escort"),
        ),
        times=(
            Named(name="Arrival", value="09:47"),
            Named(name="First dose", value="10:02"),
            Named(name="End of observation", value="13:02"),
            Named(name="Left", value="13:04, with Piotr (husband)"),
        ),
        people=(
            Present(initials="NO", name="Nurse One", credential="RN", role="medical staff"),
            Present(initials="TT", name="Therapist Two", credential="LMFT", role="therapist"),
            Present(initials="PT", name="Prescriber Three", credential="MD", role="prescriber"),
        ),
        indication="Major depressive disorder, recurrent, moderate; two antidepressants tried without relief.",
        intention="To meet my father in the garden, and to let the rest go.",
        how_it_went=(
            "Settled quickly; eyes closed by 10:05 and little speech for forty minutes.",
            "Peak calm with two waves of weeping; asked for a hand once, which was given as agreed.",
            "Spoke from 10:58 about the garden in Łódź and “permission to put it down”.",
            "Orientated and walking unaided by 12:40; ate and drank.",
            "Says she would like the next session to begin with the same piece.",
        ),
        events=(
            Event(
                clock="10:32",
                minute="30",
                by="NO",
                what="SpO₂ 90 % for six minutes",
                done="Repositioned, chin lift, oxygen 2 L/min by nasal cannula",
                outcome="97 % at 10:46",
            ),
            Event(
                clock="11:16",
                minute="74",
                by="TT",
                what="Nausea without vomiting",
                done="Ondansetron 4 mg on the tongue",
                outcome="Settled by 11:37",
            ),
        ),
        leaving=(
            "Alert, orientated, gait steady, no nystagmus.",
            "BP 122/78, pulse 71, SpO₂ 98 %. No nausea.",
            "Left with escort; leaflet and 24 h number given.",
        ),
        plan=(
            "Integration visit 2026-11-21, 11:00.",
            "Next dosing in two weeks, same dose; prescriber to review pressure.",
            "No driving until tomorrow.",
        ),
        signatures=(
            Signature(
                role="Therapist",
                name="Therapist Two",
                credential="LMFT",
                meaning="I conducted this session and the note is complete.",
            ),
            Signature(
                role="Prescriber", name="Prescriber Three", credential="MD", meaning="I have reviewed this note."
            ),
        ),
        chart=chart(readings),
        doses=(
            Dose(
                clock="10:02",
                minute="0",
                medication="Ketamine HCl (racemic)",
                dose="60 mg",
                per_kg="0.88 mg/kg",
                strength="50 mg/mL",
                volume="1.2 mL",
                route="IM",
                site="left deltoid",
                lot="K2291B",
                expiry="2027-08",
                by="PT",
                entered_by="NO",
            ),
            Dose(
                clock="10:20",
                minute="18",
                medication="Ketamine HCl (racemic)",
                dose="20 mg",
                per_kg="0.29 mg/kg",
                strength="50 mg/mL",
                volume="0.4 mL",
                route="IM",
                site="right deltoid",
                lot="K2291B",
                expiry="2027-08",
                by="PT",
                entered_by="NO",
                amendments=(
                    Amendment(
                        what="corrected", was="25 mg at 10:20", reason="drawn 25, given 20", by="NO", clock="10:24"
                    ),
                ),
            ),
            Dose(
                clock="11:18",
                minute="76",
                medication="Ondansetron",
                dose="4 mg",
                per_kg="0.06 mg/kg",
                route="oral",
                lot="ON8814",
                expiry="2028-01",
                by="NO",
                entered_by="NO",
                entered="11:31, NO",
            ),
        ),
        sums=(
            RouteSum(medication="Ketamine HCl (racemic)", route="IM", total="80 mg · 1.17 mg/kg · 2 doses"),
            RouteSum(medication="Ondansetron", route="oral", total="4 mg · 1 dose"),
        ),
        vitals=vitals(readings),
        observations=tuple(
            PhaseNotes(
                phase=name,
                span=f"{clock(begin)}–{clock(end)}, {signed_minute(begin)} to {end} min",
                observations=tuple(
                    observation(i, -14 + i * 190 / observations)
                    for i in range(observations)
                    if begin <= -14 + i * 190 / observations < end
                ),
            )
            for name, begin, end in PHASES
        ),
        tracks=tuple(
            Track(
                clock=clock(begin),
                minute=signed_minute(begin),
                number=n,
                title=title,
                until=clock(end),
                heard=f"{end - begin}:00",
                ended="cross-faded into the next" if n < 8 else "played to its end",
            )
            for n, (title, _, begin, end) in enumerate(TRACKS, 1)
        ),
        imagery=(
            Imagery(
                clock="09:50",
                minute="−12",
                title="Arriving",
                until="09:57",
                voice="read aloud by TT",
                ended="to its end",
            ),
        ),
        time_notices=(
            TimeNotice(
                clock="11:41",
                minute="99",
                what="The computer slept for 2 min 10 s.",
                uncertainty="Sure: the clock went on.",
            ),
            TimeNotice(
                clock="12:20",
                minute="138",
                what="The computer restarted; 48 s passed by its time of day.",
                uncertainty="± 2 s",
            ),
        ),
        late=(
            Late(
                clock="2026-11-19 12:10",
                minute="128",
                by="NO",
                kind="Late addition",
                text="Drank 200 mL of water.",
                entered="2026-11-20 09:14, NO",
            ),
        )
        if standing == "signed"
        else (),
        digest=Digest(
            counts=(
                Named(name="lines", value="164"),
                Named(name="observations", value=str(observations)),
                Named(name="readings", value="40"),
                Named(name="doses", value="3"),
            ),
            heads=(Head(station="Room 2 laptop", count=164, digest="52e32e84a3468ba1" * 4),),
            undone="2 lines were undone within ten seconds and are not printed.",
            protocol="Intramuscular with booster, SHA-256 " + "9f0c" * 16,
            made="2026-11-19 14:08 +01:00, KapDesk 0.1.0",
        ),
    )


def chart(readings: Sequence[Point]) -> Chart:
    return Chart(
        zero_clock_s=START_S,
        from_ms=-15 * MINUTE_MS,
        to_ms=180 * MINUTE_MS,
        phases=tuple(Span(name=name, from_ms=a * MINUTE_MS, to_ms=b * MINUTE_MS) for name, a, b in PHASES),
        doses=(
            Mark(name="Ketamine 60 mg IM", at_ms=0),
            Mark(name="Ketamine 20 mg IM", at_ms=18 * MINUTE_MS),
            Mark(name="Ondansetron 4 mg oral", at_ms=76 * MINUTE_MS),
        ),
        events=(Mark(name="SpO₂ 90 %", at_ms=30 * MINUTE_MS), Mark(name="Nausea", at_ms=74 * MINUTE_MS)),
        limits=(
            Limit(measure="pressure", value=160, name="systolic 160"),
            Limit(measure="pressure", value=100, name="diastolic 100"),
            Limit(measure="spo2", value=92, name="SpO₂ 92 %"),
        ),
        points=tuple(readings),
        tracks=tuple(
            Span(name=str(n), from_ms=a * MINUTE_MS, to_ms=b * MINUTE_MS) for n, (_, _, a, b) in enumerate(TRACKS, 1)
        ),
        lasted=tuple(
            Lasted(name=name, from_ms=a * MINUTE_MS, to_ms=b * MINUTE_MS, open=opened, work=work)
            for name, a, b, opened, work in LASTED
        ),
        baseline_systolic_mmhg=121,
        baseline_diastolic_mmhg=77,
        words="Blood pressure rose from 121/77 to 164/98 mmHg at 15 min and was back at baseline by 95 min. "
        "SpO₂ was lowest at 90 % at 30 min.",
    )


def vitals(readings: Sequence[Point]) -> Vitals:
    rows = []
    for i, point in enumerate(readings):
        minute = point.at_ms // MINUTE_MS
        rows.append(
            Reading(
                clock=clock(minute),
                minute=signed_minute(minute),
                by=("NO", "TT")[i % 2],
                entered="10:31, NO" if i == 5 else "",
                figures=(
                    Figure(value=f"{point.systolic_mmhg}", flag=point.pressure_flag),
                    Figure(value=f"{point.diastolic_mmhg}"),
                    Figure(value=f"{point.pulse_per_min}"),
                    Figure(value=f"{point.spo2_percent}", flag=point.spo2_flag),
                    Figure(value=f"{13 + i % 4}"),
                    Figure(value="36.6" if i % 8 == 0 else ""),
                ),
                amendments=(
                    Amendment(what="corrected", was="146/84", reason="read from the wrong arm", by="NO", clock="10:09"),
                )
                if i == 4
                else (),
            )
        )
    columns = (
        Column(name="Systolic", unit="mmHg"),
        Column(name="Diastolic", unit="mmHg"),
        Column(name="Pulse", unit="/min"),
        Column(name="SpO₂", unit="%"),
        Column(name="RR", unit="/min"),
        Column(name="Temp", unit="°C"),
    )
    return Vitals(
        columns=columns,
        readings=tuple(rows),
        not_taken=(
            NotTaken(clock="10:42", minute="40", by="NO", what="All vital signs", reason="Asleep; not to be woken"),
        ),
        limits="systolic up to 160, diastolic up to 100, SpO₂ from 92 %",
        baseline="121/77, pulse 70, SpO₂ 98 %, at 09:47",
    )


def observation(i: int, minute: float) -> Observation:
    code, text, patients_words = SAID[i % len(SAID)]
    return Observation(
        clock=clock(minute),
        minute=signed_minute(math.floor(minute)),
        by=("TT", "NO")[i % 3 == 0],
        code=code,
        text=text,
        patients_words=patients_words,
        entered="11:02, TT" if i == 17 else "",
        struck=i == 12,
        amendments=(Amendment(what="struck", reason="written for another patient", by="TT", clock="10:41"),)
        if i == 12
        else (Amendment(what="corrected", was="Shifts to the right side.", reason="left", by="TT", clock="10:20"),)
        if i == 3
        else (),
    )


def with_notes(*texts: str, standing: str = "draft") -> Note:
    """A small note whose observations are these texts."""
    rows = tuple(Observation(clock="10:02", minute=str(i), by="NO", text=text) for i, text in enumerate(texts))
    return msgspec.structs.replace(
        sample(standing, observations=1), observations=(PhaseNotes(phase="peak", observations=rows),)
    )
