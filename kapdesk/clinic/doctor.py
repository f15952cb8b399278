"""What is in order on this computer, and what is not: one line each, with what to do."""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

import msgspec

from kapdesk.access import file
from kapdesk.access.ring import PAPERS, SEAL
from kapdesk.clinic import seal
from kapdesk.clinic.backups import HOUR_US, OLD_US
from kapdesk.clinic.founding import holds_clinic
from kapdesk.clinic.keyring import Keyring
from kapdesk.clock import Clock
from kapdesk.errors import KnownError
from kapdesk.facts import codec
from kapdesk.facts.entry import Payload
from kapdesk.facts.papers import PaperKept
from kapdesk.facts.seal import SealMade
from kapdesk.store import backup, journal_file, places, schema, vault
from kapdesk.store.keys import Keys
from kapdesk.store.papers import FOLDER, Papers
from kapdesk.store.reserve import Reserve

LOW_DISK_MB = 500


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at. `well` yes, note (works, but know it) or no."""

    what: str
    well: Literal["yes", "note", "no"]
    words: str


def examine(folder: Path, ring: Keyring | None = None) -> list[Finding]:
    """Look at this computer and a clinic folder, into its record where its keys are open. Changes nothing."""
    return [*_program(), *_sound(), *_paper(), *_folder(folder, ring)]


def _program() -> Iterator[Finding]:
    version = importlib.metadata.version("kapdesk")
    yield Finding("KapDesk", "yes", f"{version} on Python {platform.python_version()}, {platform.system()}.")
    if sys.platform.startswith("linux"):
        shown = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
        words = f"Display {shown}." if shown else "No display: only the commands work, not the window."
        yield Finding("Screen", "yes" if shown else "note", words)
    else:
        yield Finding("System", "note", "KapDesk was tried on Debian only; Windows and macOS are not yet tried.")

    held = sleep_is_held()
    words = (
        "The computer stays awake during a session."
        if held
        else ("KapDesk cannot keep this computer awake: switch its sleep off in the system's settings.")
    )
    yield Finding("Sleep", "yes" if held else "note", words)


def _sound() -> Iterator[Finding]:
    from kapdesk.music.engine.launch import need_libvlc

    try:
        need_libvlc()
    except KnownError as error:
        yield Finding("Music", "no", str(error))
        return
    yield Finding("Music", "yes", "libVLC is installed.")
    yield _sound_server()


def _sound_server() -> Finding:
    import pulsectl

    try:
        with pulsectl.Pulse("kapdesk-doctor", connect=False) as pulse:
            pulse.connect(timeout=2)
            return Finding("Sound output", "yes", f"{pulse.server_info().default_sink_name}.")
    except pulsectl.PulseError:
        return Finding("Sound output", "note", "No sound server answers: music runs on, but nobody hears it.")


def _paper() -> Iterator[Finding]:
    from kapdesk.note.fonts import missing_scripts

    missing = missing_scripts()
    if missing:
        words = f"No typeface on this computer for {', '.join(missing)}: such letters are spelled out on paper."
        yield Finding("Typefaces", "note", words)
    else:
        yield Finding("Typefaces", "yes", "All scripts that KapDesk looks for can be printed.")


def _folder(folder: Path, ring: Keyring | None) -> Iterator[Finding]:
    if not holds_clinic(folder):
        yield Finding("Clinic", "note", f"{folder} holds no clinic yet.")
        return
    try:
        vault.refuse_network_share(folder)
        yield _key_file(folder)
        if ring is None:
            yield Finding("Record", "note", "Not looked into: that takes a sign-in (kapdesk doctor --as NAME).")
        else:
            keys = ring.own.database_keys  # the record is given a new key only at the next opening after a leaving
            key = next((key for key in keys if vault.opens(folder, key)), ring.own.database_key)
            with closing(vault.connect(folder, key)) as connection, vault.told_plainly(folder):
                schema.examine(connection)
                kept, seals = _kept(connection)
            vault.assert_encrypted(folder)
            yield Finding("Record", "yes", f"{folder / vault.FILE} opens, is encrypted and protected against change.")
            yield _papers(folder, ring, kept)
            yield _certificate(ring, seals)
            yield _second_copy(folder, ring.own)
        yield from _backup(folder)
    except KnownError as error:
        yield Finding("Record", "no", str(error))
    yield _reserve(folder)
    yield _private_to_its_owner(folder)
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    enough = free_mb >= LOW_DISK_MB
    yield Finding("Disk", "yes" if enough else "no", f"{free_mb} MB free." + ("" if enough else " Make room soon."))


def _kept(connection: vault.Connection) -> tuple[list[str], list[SealMade]]:
    """The digests of the signed papers, and the clinic's certificates in their order, as the record says them."""
    papers: set[str] = set()
    seals: list[SealMade] = []
    for kind, tag, *content in connection.execute(_PAPERS_AND_SEALS):
        fact = codec.decode(kind, tag, Payload(*content)) if content[0] is not None else None
        if isinstance(fact, PaperKept):
            papers.add(fact.sha256)
        elif isinstance(fact, SealMade):
            seals.append(fact)
    return sorted(papers), seals


def _papers(folder: Path, ring: Keyring, kept: list[str]) -> Finding:
    """Each is read as it is read to be shown."""
    if not kept:
        return Finding("Signed papers", "yes", "None is kept yet.")
    key = ring.shared(PAPERS)
    store = Papers(folder, ring.own.clinic, key) if key is not None else None
    lost = [sha256[:16] for sha256 in kept if store is None or not store.whole(sha256)]
    if lost:
        words = f"{len(lost)} of {len(kept)} are missing or damaged: {', '.join(lost)}. Put them back: kapdesk restore"
        return Finding("Signed papers", "no", words)
    return Finding("Signed papers", "yes", f"{len(kept)} kept, each whole, in {folder / FOLDER}.")


def _certificate(ring: Keyring, seals: list[SealMade]) -> Finding:
    held = [each for each in seals if ring.shared(f"{SEAL}{each.sha256}") is not None]
    if not held:
        return Finding("Certificate", "note", "None yet: it is made when KapDesk is next open for a while.")
    known, now_us = seal.read(held[-1].pem), Clock().now().utc_us
    until = known.until.date().isoformat()
    if known.over(now_us):
        return Finding("Certificate", "no", f"It ended on {until}: no paper is signed. kapdesk certificate --new")
    if not known.compares:
        return Finding("Certificate", "no", f"{seal.UNKNOWN}. Make a new one: kapdesk certificate --new")
    if known.soon_over(now_us):
        return Finding("Certificate", "note", f"It ends on {until}. Make a new one: kapdesk certificate --new")
    return Finding("Certificate", "yes", f"Papers are signed under it until {until}.")


_PAPERS_AND_SEALS = (
    "SELECT entry.stream_kind, entry.kind, salt, codec, sealed_to, bytes "
    "FROM entry LEFT JOIN payload ON payload.entry_id = entry.id "
    "WHERE (entry.stream_kind = 'session' AND entry.kind = 'paper-kept') "
    "OR (entry.stream_kind = 'clinic' AND entry.kind = 'seal-made') ORDER BY entry.rowid"
)


def _second_copy(folder: Path, own: Keys) -> Finding:
    journal = places.read(folder).folders(folder, own.clinic, places.JOURNAL)
    found = [journal_file.ends(place, own.clinic, own.database_keys) for place in journal]
    faults = [fault for each in found for fault in each.faults]
    apart = journal[0].parent.exists() and journal[0].parent.stat().st_dev != folder.stat().st_dev
    beside = "" if apart else " It lies on the same disk as the record: name a second place on another one."
    if not any(each.lines for each in found):
        return Finding("Second copy", "no", f"{journal[0]} holds nothing yet. Open KapDesk once.")
    if faults:
        return Finding("Second copy", "note", f"{'; '.join(faults)}. The record has these lines itself.")
    return Finding("Second copy", "yes" if apart else "note", f"Every line once more in {journal[0]}.{beside}")


def _backup(folder: Path) -> Iterator[Finding]:
    ring = file.read(folder)
    if ring is None:
        return
    backups = places.read(folder).folders(folder, ring.clinic, places.BACKUPS)
    newest = next(iter(backup.at_hand(backups)), None)
    if newest is None:
        yield Finding("Backup", "no", f"None in {backups[0]} yet. Make one: kapdesk backup")
        return
    age_h = (Clock().now().utc_us - newest.made_us) // HOUR_US
    old = age_h * HOUR_US > OLD_US
    yield Finding("Backup", "no" if old else "yes", f"The newest verified one is {age_h} h old, in {backups[0]}.")


def _reserve(folder: Path) -> Finding:
    if Reserve(folder).held:
        return Finding("Reserve", "yes", "Space is set aside for the rest of a session when the disk is full.")
    return Finding("Reserve", "note", "No space could be set aside yet for a full disk. Open KapDesk with more room.")


def _key_file(folder: Path) -> Finding:
    ring = file.read(folder)
    if ring is None:
        return Finding(
            "Keys", "no", f"The key file {folder / file.FILE} is gone. A copy lies beside the newest backup (.keys)."
        )
    people = sum(1 for holder in ring.holders if not holder.left) - 1
    words = f"Sealed to {people} {'person' if people == 1 else 'people'} and the recovery code (Argon2id, X25519)."
    return Finding("Keys", "yes", words)


def _private_to_its_owner(folder: Path) -> Finding:
    open_ = [path.name for path in (folder, *folder.iterdir()) if os.name == "posix" and path.stat().st_mode & 0o077]
    if open_:
        return Finding("Permissions", "no", f"Others can read {', '.join(sorted(open_))}. Make it its owner's alone.")
    return Finding("Permissions", "yes", "Nobody but this user can read the folder.")


def sleep_is_held() -> bool:
    """Whether this computer lets KapDesk keep it awake; asked for a moment only."""
    from wakepy import keep

    mode = keep.presenting(on_fail="pass")
    mode.__enter__()
    try:
        return bool(mode.active)
    finally:
        mode.__exit__(None, None, None)
