"""The whole main job, as a stranger runs it: from arrival to the paper, on real sound."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kapdesk import paths
from kapdesk.clinic import script
from kapdesk.clinic.demo import prepare
from kapdesk.clinic.pace import Brisk
from kapdesk.clinic.scenes import About, Step
from kapdesk.clinical.protocol import read
from kapdesk.clinical.vitals import flags
from kapdesk.facts.care import ScaleRated
from kapdesk.facts.people import Actor
from kapdesk.facts.session import DoseGiven, VitalsNotTaken, VitalsTaken
from kapdesk.music.engine.wire import EASE_MS, Crossfade, Play, Stop
from kapdesk.record.recorder import Recording
from kapdesk.session.counting import before_signing
from tests.desk import Desk
from tests.fake_engine import FakeEngine
from tests.sound import Room, have_server

PROTOCOLS = sorted(path.stem for path in paths.shipped("resources", "protocols").glob("*.toml"))


@pytest.fixture
def sound(tmp_path: Path) -> Iterator[Room]:
    if not have_server():
        pytest.skip("PulseAudio is not installed")
    room = Room(tmp_path / "sound")
    yield room
    room.close()


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_demo_plays_a_whole_session_to_a_note_that_holds_every_word(tmp_path: Path, sound: Room) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "kapdesk", "demo", "--headless", "--speed", "8000", "--out", str(out), "--json"]
    with sound.recording() as recording:
        done = subprocess.run(command, env=sound.env, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        loudest = abs(recording.heard()).max()
    played = json.loads(done.stdout.splitlines()[-1])

    assert played["facts"] >= 80
    assert played["chain_ok"] is True
    assert played["engine"].startswith("libVLC 3.0.")
    assert played["sink"] == "Null Output", "as the sound server calls it to people"
    assert 0.001 < loudest < 0.7  # something sounded, nothing near full scale

    titles = [track["title"] for track in played["tracks"]]
    assert len(titles) == len(set(titles)) >= 4
    assert all(track["faded"] and track["heard_ms"] >= 1_500 for track in played["tracks"])

    pdf = Path(played["pdf"])
    assert pdf.is_absolute()
    text = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True).stdout
    on_paper = _squeezed(text)
    missing = [note for note in script.notes() if _squeezed(note) not in on_paper]
    assert missing == []
    assert "REHEARSAL" in text
    assert list(out.glob("clinic-*")) == []  # the throw-away clinic is gone


@pytest.mark.deep
def test_without_a_sound_server_every_piece_is_still_played_to_nobody(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "kapdesk",
        "demo",
        "--headless",
        "--speed",
        "2000",
        "--out",
        str(tmp_path),
        "--json",
    ]
    env = {**os.environ, "PULSE_SERVER": f"unix:{tmp_path}/nobody"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    played = json.loads(done.stdout.splitlines()[-1])
    assert played["sink"].startswith("dummy")
    assert (played["facts"] >= 80, played["chain_ok"]) == (True, True)
    assert len(played["tracks"]) >= 4
    assert all(track["faded"] and track["heard_ms"] >= 1_500 for track in played["tracks"])


@pytest.mark.parametrize(("speed", "long", "short"), [(60, 6_000, 3_000), (120, 3_000, 1_500), (8_000, 1_000, EASE_MS)])
def test_a_faster_demo_fades_sooner_but_never_suddenly(speed: float, long: int, short: int) -> None:
    engine = FakeEngine()
    brisk = Brisk(engine, speed)
    brisk.load("A", Path("a.opus"))
    brisk.play("A", 1.0, 0)
    brisk.load("B", Path("b.opus"))
    brisk.crossfade("A", "B", 1.0, 6_000)
    brisk.stop("B", 3_000)
    fades = [order.ms for order in engine.asked if isinstance(order, Play | Crossfade | Stop)]
    assert fades == [0, long, short]  # 0: as quick as cannot be heard as a click, at any speed


def test_a_speed_of_nothing_is_refused_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kapdesk", "demo", "--headless", "--speed", "0", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("The speed must be above 0. Nothing was played; try 60.")
    assert done.stdout == ""


@pytest.mark.deep
@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_shipped_protocol_is_played_to_its_end_and_note(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kapdesk", "demo", "--headless", "--speed", "8000", "--protocol", name]
    env = {**os.environ, "PULSE_SERVER": f"unix:{tmp_path}/nobody"}
    done = subprocess.run(
        [*command, "--out", str(tmp_path), "--json"],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["chain_ok"] is True


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_script_goes_through_every_shipped_protocol_by_its_rules(name: str, desk: Desk) -> None:
    """As the demo plays it, without the music: nothing that the protocol asks for stands against any step."""
    plan, _ = read(paths.shipped("resources", "protocols", f"{name}.toml"))
    nurse = desk.person("Sample Nurse")
    room = prepare(desk.clinic, desk.until, protocol_file=f"{name}.toml", rehearsal=True)
    staff = [Actor(each.person, each.person) for each in room.session.present()]
    named: dict[str, Recording] = {}
    begun_us = room.now_us()
    for step in script.steps_of(plan):
        desk.computer.pass_(max(0.0, (begun_us - room.now_us()) / 1e6 + step.minute * 60))
        match step:
            case Step():
                named[step.name] = room.record(step.fact, actor=staff[step.who])
            case About():
                room.record(step.make(named[step.name].statement.id), actor=staff[step.who])
            case _:
                pass
        desk.settle()
    assert (room.session.stage, room.session.ended and room.session.ended.how) == ("ended", "completed")
    assert nurse.by not in {each.by for each in room.session.history}
    counted = before_signing(room.session, plan)
    assert (bool(counted), all(need.met for need in counted)) == (plan.count_substances, True)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_script_reads_and_rates_when_each_protocol_asks_and_is_above_a_limit_once(name: str) -> None:
    plan, _ = read(paths.shipped("resources", "protocols", f"{name}.toml"))
    steps = [each for each in script.steps_of(plan) if isinstance(each, Step)]
    doses = [each for each in steps if isinstance(each.fact, DoseGiven)]
    first = doses[0].minute - (0 if plan.infuse_over_min else 2)  # corrected to two minutes earlier but for a line
    answered = [each.minute for each in steps if isinstance(each.fact, VitalsTaken | VitalsNotTaken)]
    late = [due for due in plan.vitals_at_min if all(abs(minute - first - due) > 5 for minute in answered)]
    rated = {(each.fact.scale, round(each.minute - first)) for each in steps if isinstance(each.fact, ScaleRated)}
    asked = {(each.scale, minute) for each in plan.ratings for minute in each.at_min}
    after = plan.limits_at(2, 1)
    above = [each for each in steps if isinstance(each.fact, VitalsTaken) and flags(each.fact, after)]
    assert (late, asked - rated, len(above)) == ([], set(), 1)
    given = sum(each.fact.dose_ug for each in doses if isinstance(each.fact, DoseGiven))
    order = script.order_of(plan, "")
    assert given == order.dose_ug + order.booster_up_to_ug
