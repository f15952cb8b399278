"""Whether what was acknowledged is ever lost: killed, cut off in any write, with a bit turned; and how soon it is back.

A small library of ours (write_trace.c) writes down, in order, every change one program makes to a clinic folder. Each
state the folder went through, and each last write torn in its middle, is then laid out and opened as after a power cut.
What that cannot show: a disk that puts writes in another order between two syncs.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from benchmarks.form import Figure, Missing, main
from kapdesk import paths
from kapdesk.access import file as key_file
from kapdesk.clinic import keyring, script
from kapdesk.clinic.demo import PASSWORD, lay_out
from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.keyring import Keyring
from kapdesk.clinic.open import OpenClinic
from kapdesk.clock import Clock
from kapdesk.errors import KnownError
from kapdesk.facts.entry import Stream
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import Actor
from kapdesk.facts.session import MusicPlanned, NoteTaken
from kapdesk.store import backup, journal_file, places, second
from kapdesk.store.check import check
from kapdesk.store.log import SqlLog

HOUSE = Path(__file__).resolve().parent.parent
SHIM = Path(__file__).with_name("write_trace.c")
ACKNOWLEDGED = "acknowledged"
NOTES, KILLS, FLIPS_EACH = 110, 30, 60
BACKUP_MB, WAIT_S = 50, 60.0


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of this run, gone afterwards."""
    build = HOUSE / "build"
    build.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="durability-", dir=build))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


# One program, every one of its writes


def record(place: Path, notes: int) -> None:
    """In a process of its own: notes in a session, each acknowledged one's id in a file; then the plug is pulled."""
    inbox = Inbox()
    clinic = OpenClinic(keyring.sign_in(place, script.STAFF[0][0], PASSWORD), inbox.post)
    person = next(iter(clinic.state.people))
    actor = Actor(person, person)
    patient, _ = clinic.register(PatientRegistered("Sample Patient A", "1980-01-01"), actor)
    inbox.run_until(lambda: bool(clinic.patients), WAIT_S)
    toml = paths.shipped("resources", "protocols", script.PROTOCOL).read_text(encoding="utf-8")
    room = clinic.open_session(patient, toml, MusicPlanned("sample", ()), actor)
    told = os.open(place / ACKNOWLEDGED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for n in range(notes):
        kept = room.record(NoteTaken(f"note {n}: the colours are softer now")).kept
        os.write(told, f"{kept.result(WAIT_S).body.id}\n".encode())
    own = clinic.log.keys
    (copies,) = clinic.places.folders(place, own.clinic, places.JOURNAL)

    def caught_up() -> bool:
        ends = journal_file.ends(copies, own.clinic, own.database_keys).lines
        return any(row == clinic.log.row() for row, _ in ends)

    assert inbox.run_until(caught_up, WAIT_S)
    os._exit(0)


def traced(base: Path, place: Path, shim: Path, notes: int) -> tuple[Keyring, list[tuple[str, int, str, bytes]]]:
    """The keys of the clinic in `base`, and every change a program then made to a copy of it."""
    ring = lay_out(base, "Europe/Warsaw")
    shutil.copytree(base, place)
    trace = place.with_name("trace")
    env = {**os.environ, "LD_PRELOAD": str(shim), "TRACE_FOLDER": str(place), "TRACE_FILE": str(trace)}
    command = [sys.executable, "-m", "benchmarks.durability", "--record", str(place), str(notes)]
    subprocess.run(command, cwd=HOUSE, env=env, check=True)
    return ring, list(steps_of(trace))


def steps_of(trace: Path) -> Iterator[tuple[str, int, str, bytes]]:
    """What was done to a folder, step by step: the operation, where, to which file, and the bytes."""
    content, at = trace.read_bytes(), 0
    while at < len(content):
        end = content.index(b"\n", at)
        what, offset, length, name = content[at:end].decode().split("\t")
        at = end + 1 + int(length)
        yield what, int(offset), name, content[end + 1 : at]


class Disk:
    """The files of a folder as they were after each step."""

    def __init__(self, base: Path) -> None:
        self.files = {str(p.relative_to(base)): bytearray(p.read_bytes()) for p in base.rglob("*") if p.is_file()}

    def do(self, what: str, offset: int, name: str, content: bytes) -> None:
        """One step more."""
        match what:
            case "make" | "empty":
                held = self.files.setdefault(name, bytearray())
                if what == "empty":
                    held.clear()
            case "write":
                held = self.files.setdefault(name, bytearray())
                held.extend(bytes(max(0, offset - len(held))))
                held[offset : offset + len(content)] = content
            case "truncate":
                held = self.files[name]
                held[:] = held[:offset].ljust(offset, b"\0")
            case "remove":
                self.files.pop(name, None)
            case "rename":
                self.files[content.decode()] = self.files.pop(name)

    def lay_out(self, place: Path) -> None:
        """Put them there, and nothing else."""
        shutil.rmtree(place, ignore_errors=True)
        for name, content in self.files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def lost(ring: Keyring, place: Path) -> int:
    """How much of what was acknowledged a folder does not give back, opened as after a power cut; or what is amiss."""
    told = (place / ACKNOWLEDGED).read_text().split("\n")[:-1] if (place / ACKNOWLEDGED).exists() else []
    try:
        log = SqlLog(place, ring.own)
        try:
            second.take_up(log, places.Places().folders(place, ring.own.clinic, places.JOURNAL))
            whole = check(log, ring.stations()).whole
            here = {str(UUID(bytes=row[0])) for row in log.select("SELECT id FROM entry")}
        finally:
            log.close()
    except KnownError:
        return max(1, len(told))
    return len(set(told) - here) + (0 if whole else 1)


def every_state(shim: Path, notes: int) -> tuple[int, int]:
    """How many states of the folder were opened, and what was lost in all of them."""
    with folder() as room, tempfile.TemporaryDirectory(dir=_memory()) as work:
        ring, steps = traced(room / "base", room / "clinic", shim, notes)
        disk, place = Disk(room / "base"), Path(work) / "clinic"
        states = gone = 0
        for what, offset, name, content in steps:
            torn = len(content) // 2 if what == "write" and name != ACKNOWLEDGED and len(content) > 1 else 0
            if torn:
                disk.do(what, offset, name, content[:torn])
                disk.lay_out(place)
                states, gone = states + 1, gone + lost(ring, place)
            disk.do(what, offset, name, content)
            if name != ACKNOWLEDGED:
                disk.lay_out(place)
                states, gone = states + 1, gone + lost(ring, place)
        return states, gone


def _memory() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


# Bits that turn


def flips(shim: Path, each: int) -> tuple[int, int]:
    """How many bits were turned in the live bytes of the record's files, and how many of them were found."""
    chance, tried, found = random.Random(7), 0, 0
    with folder() as room:
        ring, steps = traced(room / "base", room / "cut", shim, NOTES)
        pulled = Disk(room / "base")
        for step in steps:
            pulled.do(*step)
        pulled.lay_out(room / "pulled")  # the -wal is live, and the second copy has it all
        pulled.lay_out(room / "closed")
        log = SqlLog(room / "closed", ring.own)
        made = backup.make(log, room / "backups", Clock().now().utc_us)
        log.close()
        journal = next(name for name in pulled.files if name.startswith(places.JOURNAL))
        targets = (("closed", "record.db"), ("pulled", "record.db-wal"), ("closed", journal), ("closed", key_file.FILE))
        for where, name in targets:
            for _ in range(each):
                work = room / "work"
                shutil.rmtree(work, ignore_errors=True)
                shutil.copytree(room / where, work)
                _turn(work / name, chance)
                tried, found = tried + 1, found + _noticed(ring, work)
        whole = made.path.read_bytes()
        for _ in range(each):
            made.path.write_bytes(whole)
            _turn(made.path, chance)
            tried, found = tried + 1, found + (not backup.is_as_made(made))
    return tried, found


def _turn(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _noticed(ring: Keyring, place: Path) -> bool:
    """Whether opening the folder and checking it says that something is not as it was."""
    copies = places.Places().folders(place, ring.own.clinic, places.JOURNAL)
    try:
        if key_file.read(place) != key_file.read(ring.folder):
            return True
        log = SqlLog(place, ring.own)
        try:
            second.take_up(log, copies)
            return not check(log, ring.stations()).whole or bool(second.look_through(log, copies))
        finally:
            log.close()
    except KnownError:
        return True


# The real program, killed


def kills(times: int) -> tuple[int, int, list[float]]:
    """Notes acknowledged by the real program until it was killed, how many were lost, and how soon it was back (s)."""
    chance = random.Random(11)
    acknowledged: set[str] = set()
    back, here = [], set[str]()
    with folder() as home:
        own = {name: str(home) for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME")}
        home.chmod(0o700)
        env = {**os.environ, **own, "PULSE_SERVER": "unix:/nonexistent", "QT_QPA_PLATFORM": "offscreen"}
        for n in range(times + 1):
            command = [
                sys.executable,
                "-m",
                "tests.end_to_end.launch",
                str(home / "clinic"),
                "boot-1",
                "recording",
                "demo",
            ]
            begun = time.monotonic()
            with subprocess.Popen(
                command, cwd=HOUSE, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            ) as app:
                assert app.stdout
                here = set(json.loads(app.stdout.readline())["facts"])
                if n:
                    back.append(time.monotonic() - begun)
                enough = chance.randrange(1, 40)
                while n < times and enough:
                    acknowledged.add(json.loads(app.stdout.readline())["kept"])
                    enough -= 1
                app.kill()
                left = [line for line in app.stdout.readlines() if line.endswith(b"\n")]
                acknowledged |= (
                    {told["kept"] for line in left if "kept" in (told := json.loads(line))} if n < times else set()
                )
    return len(acknowledged), len(acknowledged - here), back


# How long


def backup_s(megabytes: int) -> float:
    """Seconds to make and verify a copy of a record of so many megabytes."""
    with folder() as room:
        ring = lay_out(room / "clinic", "Europe/Warsaw")
        log = SqlLog(ring.folder, ring.own)
        from benchmarks.commit import statement_of

        stream, clock, big = Stream("session", str(uuid4())), Clock(), NoteTaken("x" * 100_000)
        for kept in [log.append(statement_of(stream, clock, big)) for _ in range(megabytes * 10)]:
            kept.result(WAIT_S)
        begun = time.perf_counter()
        backup.make(log, room / "backups", clock.now().utc_us)
        took = time.perf_counter() - begun
        log.close()
    return took


def sign_in_s(times: int) -> float:
    """Seconds from a password to open keys."""
    with folder() as room:
        lay_out(room / "clinic", "Europe/Warsaw")
        took = []
        for _ in range(times):
            begun = time.perf_counter()
            keyring.sign_in(room / "clinic", script.STAFF[0][0], PASSWORD)
            took.append(time.perf_counter() - begun)
    return statistics.median(took)


def measure(deep: bool) -> tuple[list[Figure], list[Missing]]:
    """All of it."""
    figures: list[Figure] = []
    missing: list[Missing] = []
    killed = KILLS * (2 if deep else 1)
    acknowledged, gone, back = kills(killed)
    figures += [
        Figure("kills", killed, "kills", KILLS, "more", killed),
        Figure("acknowledged", acknowledged, "notes", killed, "more", killed),
        Figure("lost", gone, "notes", 0, "less", acknowledged),
        Figure("restart_s_median", statistics.median(back), "s", 3, "less", len(back)),
    ]
    if shutil.which("gcc"):
        with folder() as room:
            shim = room / "write_trace.so"
            subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", shim, SHIM, "-ldl", "-lpthread"], check=True)
            states, gone = every_state(shim, NOTES * (3 if deep else 1))
            tried, found = flips(shim, FLIPS_EACH * (3 if deep else 1))
        figures += [
            Figure("trace_states", states, "states", 2_000, "more", states),
            Figure("trace_lost", gone, "notes", 0, "less", states),
            Figure("flips_tried", tried, "bits", 5 * FLIPS_EACH, "more", tried),
            Figure("flips_found", found, "bits", tried, "more", tried),
        ]
    else:
        names = ("trace_states", "trace_lost", "flips_tried", "flips_found")
        missing += [
            Missing(name, "no C compiler here to build the library that writes down each write") for name in names
        ]
    figures += [
        Figure("backup_s_50mb", statistics.median(backup_s(BACKUP_MB) for _ in range(3)), "s", 1.5, "less", 3),
        Figure("sign_in_s", sign_in_s(7), "s", 0.5, "less", 7),
    ]
    return figures, missing


if __name__ == "__main__":
    if "--record" in sys.argv:
        record(Path(sys.argv[2]), int(sys.argv[3]))
    main("durability", measure)
