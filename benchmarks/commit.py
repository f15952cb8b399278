"""How long until what was said is on the disk, against writing the same bytes raw; and what the screen feels of it.

The peer does the least any record must do: it writes the same bytes to a file and fsyncs it. A slow disk is made by
a small library of ours (slow_fsync.c) that delays every fsync of a process of its own.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import msgspec

from benchmarks.form import Figure, Missing, main
from kapdesk import paths
from kapdesk.clinic.demo import lay_out
from kapdesk.clinic.keyring import Keyring
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.room import Room
from kapdesk.clock import Clock
from kapdesk.facts import codec
from kapdesk.facts.entry import Payload, Stream
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import MusicPlanned, NoteTaken
from kapdesk.record.log import Statement
from kapdesk.store.log import SqlLog

HOUSE = Path(__file__).resolve().parent.parent
SHIM = Path(__file__).with_name("slow_fsync.c")
NOTE = "She says the colours are softer now, and asks for the blanket."
TICK_MS, NOTE_EVERY_MS = 5, 25
WAIT_S = 30.0


@contextmanager
def new_clinic() -> Iterator[Keyring]:
    """A clinic set up on the disk this checkout lies on, gone afterwards."""
    build = HOUSE / "build"
    build.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="commit-", dir=build))
    try:
        yield lay_out(folder, "Europe/Warsaw")
    finally:
        shutil.rmtree(folder)


def ratios(rounds: int, notes: int) -> list[float]:
    """Acknowledged against raw, note by note in turn: the ratio of the medians of each round."""
    with new_clinic() as ring:
        log = SqlLog(ring.folder, ring.own)
        stream, clock = Stream("session", str(uuid4())), Clock()
        kept = log.append(statement_of(stream, clock)).result(WAIT_S)
        same_bytes = msgspec.json.encode(kept) + codec.encode(NoteTaken(NOTE))
        file = os.open(ring.folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

        def raw() -> None:
            os.write(file, same_bytes)
            os.fsync(file)

        found_ratios = []
        for _ in range(rounds):
            peer, ours = [], []
            for _ in range(notes):
                peer.append(_ms(raw))
                ours.append(_ms(_append(log, statement_of(stream, clock))))
            found_ratios.append(statistics.median(ours) / statistics.median(peer))
        os.close(file)
        log.close()
        return found_ratios


def _append(log: SqlLog, statement: Statement) -> Callable[[], object]:
    return lambda: log.append(statement).result(WAIT_S)


def statement_of(stream: Stream, clock: Clock, note: NoteTaken | None = None) -> Statement:
    """A note to be recorded now."""
    moment = clock.now()
    payload = Payload(os.urandom(16), codec.CODEC, None, codec.encode(note or NoteTaken(NOTE)))
    return Statement(uuid4(), stream, "note-taken", payload, moment.utc_us, moment, ITSELF)


def _ms(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def lags_ms(seconds: float) -> list[float]:
    """How late each 5 ms tick of a Qt loop comes while a note is recorded in its session every 25 ms."""
    from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal

    class Door(QObject):
        came = Signal(object)

    app = QCoreApplication([])
    door = Door()
    door.came.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)
    lags: list[float] = []
    with new_clinic() as ring:
        clinic = OpenClinic(ring, door.came.emit)
        room = _session(clinic, app.processEvents)
        last = time.perf_counter()

        def tick() -> None:
            nonlocal last
            now = time.perf_counter()
            lags.append(max(0.0, (now - last) * 1000 - TICK_MS))
            last = now

        ticks, notes = QTimer(), QTimer()
        ticks.timeout.connect(tick)
        notes.timeout.connect(lambda: room.record(NoteTaken(NOTE)))
        for timer, every_ms in ((ticks, TICK_MS), (notes, NOTE_EVERY_MS)):
            timer.setTimerType(Qt.TimerType.PreciseTimer)
            timer.start(every_ms)
        QTimer.singleShot(round(seconds * 1000), app.quit)
        app.exec()
        ticks.stop()
        notes.stop()
        _until(clinic.drained, app.processEvents)
        clinic.close()
    return lags


def _session(clinic: OpenClinic, turn: Callable[[], None]) -> Room:
    person, _ = clinic.add_person("Sample Nurse One", ("medical staff",))
    actor = Actor(person, person)
    _until(lambda: person in clinic.state.people, turn)
    patient, _ = clinic.register(PatientRegistered("Sample Patient A", "1980-01-01"), actor)
    _until(lambda: bool(clinic.patients), turn)
    toml = paths.shipped("resources", "protocols", "im-booster.toml").read_text(encoding="utf-8")
    room = clinic.open_session(patient, toml, MusicPlanned("sample", ()), actor)
    _until(clinic.drained, turn)
    return room


def _until(done: Callable[[], bool], turn: Callable[[], None]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not done():
        turn()
        if time.monotonic() > deadline:
            raise TimeoutError("the record did not come to rest")


def on_a_slow_disk(delay_ms: int, what: str, *numbers: float) -> list[float]:
    """Run one of the two measurements in a process whose every fsync takes `delay_ms` longer."""
    with tempfile.TemporaryDirectory() as folder:
        shim = Path(folder) / "slow_fsync.so"
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", shim, SHIM, "-ldl"], check=True)
        slow = {**os.environ, "LD_PRELOAD": str(shim), "SLOW_FSYNC_US": str(delay_ms * 1000)}
        command = [sys.executable, "-m", "benchmarks.commit", "--measure", what, *map(str, numbers)]
        told = subprocess.run(command, cwd=HOUSE, env=slow, stdout=subprocess.PIPE, check=True)
    return [float(number) for number in json.loads(told.stdout)]


def measured_here(what: str, *numbers: str) -> list[float]:
    """What the process on the slow disk does."""
    if what == "ratios":
        return ratios(int(numbers[0]), int(numbers[1]))
    return lags_ms(float(numbers[0]))


def p99(values: list[float]) -> float:
    """The value that one in a hundred exceeds."""
    return sorted(values)[min(len(values) - 1, len(values) * 99 // 100)]


def measure(deep: bool) -> tuple[list[Figure], list[Missing]]:
    """All figures; those that need a slow disk are missing where there is no C compiler to make one."""
    rounds = 25 if deep else 7
    raw = ratios(rounds, 100)
    figures = [Figure("ack_ratio_raw_fsync", statistics.median(raw), "ratio", 3.0, "less", len(raw) * 100)]
    if shutil.which("gcc") is None:
        why = "no gcc to build the slow disk with"
        names = ("ack_ratio_at_10ms_fsync", "gui_lag_ms_p99_at_40ms_fsync")
        return figures, [Missing(name, why) for name in names]
    slow = on_a_slow_disk(10, "ratios", rounds, 15)
    figures.append(Figure("ack_ratio_at_10ms_fsync", statistics.median(slow), "ratio", 1.3, "less", len(slow) * 15))
    lags = on_a_slow_disk(40, "lags", 60 if deep else 6)
    figures.append(Figure("gui_lag_ms_p99_at_40ms_fsync", p99(lags), "ms", 10.0, "less", len(lags)))
    return figures, []


if __name__ == "__main__":
    if "--measure" in sys.argv:
        json.dump(measured_here(*sys.argv[sys.argv.index("--measure") + 1 :]), sys.stdout)
    else:
        main("commit", measure)
