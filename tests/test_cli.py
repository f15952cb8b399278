"""The commands that open the record: name and password by a file descriptor, and only what one's role may."""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import click
import pyrage
import pytest
from click.testing import CliRunner

from kapdesk import paths
from kapdesk.access import file
from kapdesk.access.accounts import NewPassword
from kapdesk.access.keys import WrongCode, recover
from kapdesk.cli import commands
from kapdesk.cli.common import typed
from kapdesk.clinic import keyring
from kapdesk.errors import KnownError
from kapdesk.facts.session import DoseGiven, Ended, NoteTaken
from tests.desk import Desk
from tests.fakes import Computer
from tests.keys import NAME, PASSWORD, found
from tests.note.reading import poppler

WORDS = "seven slow herons by the mill"
NURSE, CLERK = "Sample Nurse Two", "Sample Clerk"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clinic with one session, whose nurse and clerk have passwords."""
    folder = tmp_path / "clinic"
    found(folder)
    desk = Desk(folder, Computer())
    for name, role in ((NURSE, "medical staff"), (CLERK, "records")):
        desk.clinic.ring.add_person(desk.person(name, role).by, name, NewPassword(WORDS))  # type: ignore[arg-type]
    desk.room()
    desk.clinic.close()
    return folder


def run(folder: Path, *command: str, who: str = NAME, password: str = PASSWORD) -> Any:
    """What a command prints, of JSON; raises what it refuses with."""
    reading, writing = os.pipe()
    os.write(writing, f"{password}\n".encode())
    os.close(writing)
    options = ["--clinic", str(folder), "--as", who, "--password-fd", str(reading), "--json"]
    result = CliRunner().invoke(commands, [*command, *options], catch_exceptions=True, standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout)


def test_the_record_is_checked_by_whoever_signs_in(folder: Path) -> None:
    assert run(folder, "check")["damage"] == []
    with pytest.raises(KnownError, match="do not belong together"):
        run(folder, "check", password="not this one at all")


def test_notes_are_listed_and_printed_by_those_who_may(folder: Path, tmp_path: Path) -> None:
    (line,) = run(folder, "note", who=CLERK, password=WORDS)
    assert run(folder, "note", "--find", "sample", who=CLERK, password=WORDS) == [line]
    assert run(folder, "note", "--find", "nobody", who=CLERK, password=WORDS) == []
    made = run(folder, "note", line["id"], "--out", str(tmp_path / "n.pdf"), who=CLERK, password=WORDS)
    assert Path(made["pdf"]).read_bytes().startswith(b"%PDF-")
    with pytest.raises(KnownError, match=r"Sample Administrator \(administrator\) may not open the records here"):
        run(folder, "note")
    told = run(folder, "audit")
    assert [each["what"] for each in told if each["by"] == CLERK] == [f"took out the note of visit {line['id'][-8:]}"]
    assert "Sample Patient" not in str(told)
    with pytest.raises(KnownError, match=r"Sample Clerk \(records\) may not read who did what here"):
        run(folder, "audit", who=CLERK, password=WORDS)


def test_only_a_visit_with_nasal_esketamine_has_an_observation_summary(folder: Path) -> None:
    (line,) = run(folder, "note", who=CLERK, password=WORDS)
    with pytest.raises(KnownError, match="no nasal esketamine"):
        run(folder, "summary", line["id"], "--sent", "fax", who=CLERK, password=WORDS)
    with pytest.raises(KnownError, match="No session ends in"):
        run(folder, "summary", "ffffffffffff", who=CLERK, password=WORDS)


def test_a_summary_is_said_to_be_sent_and_taken_back_by_a_clerk(folder: Path, tmp_path: Path) -> None:
    desk = Desk(folder, Computer())
    room = desk.dosed(desk.room(desk.person("Sample Nurse Three")))
    desk.kept(room.record(DoseGiven("esketamine", 28_000, "nasal", "device 1 of 1", lot="E77")))
    desk.pass_(30)
    desk.kept(room.record(Ended("left against advice")))
    desk.clinic.close()

    def summary(*options: str) -> Any:
        return run(folder, "summary", str(room.id), *options, who=CLERK, password=WORDS)

    made = summary("--out", str(tmp_path / "s.pdf"))
    assert Path(made["pdf"]).read_bytes().startswith(b"%PDF-")
    with pytest.raises(KnownError, match="Nobody has said"):
        summary("--not-sent", "wrong number")
    sent = summary("--sent", "fax")
    assert (sent["sent"], sent["pdf"]) == ("fax", "")
    with pytest.raises(KnownError, match="on record already"):
        summary("--sent", "post")
    with pytest.raises(KnownError, match="only one of"):
        summary("--sent", "post", "--not-sent", "wrong number")
    assert summary("--not-sent", "wrong number")["not_sent"] == "wrong number"
    assert summary("--sent", "post")["sent"] == "post"
    told = [each["what"] for each in run(folder, "audit") if each["by"] == CLERK]
    assert [each for each in told if "was sent" in each] == [
        f"took back that the observation summary of visit {room.id.hex[-8:]} was sent: wrong number"
    ]


def test_the_sheet_for_the_patient_quotes_what_was_chosen_and_each_sheet_is_on_record(
    folder: Path, tmp_path: Path
) -> None:
    computer = Computer()
    desk = Desk(folder, computer)
    room = desk.dosed(desk.room(desk.person("Sample Nurse Three")))
    for words in ("like warm water", "all one colour"):
        desk.kept(room.record(NoteTaken(words, "", True)))
    desk.clinic.close()

    def sheet(*options: str) -> Any:
        return run(folder, "sheet", "integration", str(room.id), *options, who=CLERK, password=WORDS)

    with pytest.raises(KnownError, match="still runs"):
        sheet("--out", str(tmp_path / "s.pdf"))
    computer.pass_(1800)
    desk = Desk(folder, computer)
    desk.kept(desk.clinic.room_of(room.id).record(Ended("left against advice"), actor=room.by))
    desk.clinic.close()
    assert [each["text"] for each in sheet("--list")] == ["like warm water", "all one colour"]
    with pytest.raises(KnownError, match="2 to choose from"):
        sheet("--quote", "3")
    made = sheet("--quote", "2", "--out", str(tmp_path / "s.pdf"))
    text = poppler(Path(made["pdf"]).read_bytes())
    assert "all one colour" in text
    assert "warm water" not in text
    with pytest.raises(KnownError, match="no amount"):
        run(folder, "stock", "came-in", "ketamine", "some", who=NURSE, password=WORDS)
    run(folder, "stock", "came-in", "ketamine", "500", "--lot", "K1", who=NURSE, password=WORDS)
    whose = str(room.patient.id)[-8:]
    for command in (
        ("month", "2026-03"),
        ("course", whose),
        ("substances", "--from", "2026-03-01", "--to", "2027-12-31"),
    ):
        out = ("--out", str(tmp_path / f"{command[0]}.pdf"))
        made = run(folder, "sheet", *command, *out, who=CLERK, password=WORDS)
        assert Path(made["pdf"]).read_bytes().startswith(b"%PDF-")
    assert "ketamine, lot K1" in poppler((tmp_path / "substances.pdf").read_bytes())
    with pytest.raises(KnownError, match="No patient has the record number ZZ"):
        run(folder, "sheet", "course", "ZZ", who=CLERK, password=WORDS)
    told = [each["what"] for each in run(folder, "audit") if each["by"] == CLERK]
    assert told == [
        f"took out the integration sheet of visit {room.id.hex[-8:]}",
        "took out the monthly page of 2026-03",
        f"took out the course overview of patient {room.patient.id.hex[-8:]}",
        "took out the substances log of 2026-03-01 to 2027-12-31",
    ]


def test_the_letterhead_is_shown_and_set_by_whoever_runs_the_clinic(folder: Path) -> None:
    assert run(folder, "letterhead", who=NURSE, password=WORDS)["lines"] == []
    with pytest.raises(KnownError, match="may not"):
        run(folder, "letterhead", "--line", "Sample Street 1", who=NURSE, password=WORDS)
    with pytest.raises(KnownError, match="Nobody here is called"):
        run(folder, "letterhead", "--licence", "Nobody At All", "1")
    told = run(folder, "letterhead", "--line", "Sample Street 1", "--line", "555 0100", "--licence", NURSE.lower(), "7")
    assert (told["lines"], told["licences"]) == (["Sample Street 1", "555 0100"], {NURSE: "7"})
    assert told["billed"] == {"since": "first dose", "until": "end of observation", "example": True}
    told = run(folder, "letterhead", "--billed", "arrival", "leaving")
    assert told["billed"] == {"since": "arrival", "until": "leaving", "example": False}
    assert run(folder, "letterhead", "--none")["lines"] == []


def test_backups_are_the_administrators(folder: Path) -> None:
    assert run(folder, "backup")["backup_us"] > 0
    with pytest.raises(KnownError, match="may not make backups here"):
        run(folder, "backup", who=NURSE, password=WORDS)


def test_someone_is_let_go_and_opens_nothing_any_more(folder: Path) -> None:
    assert {each["name"] for each in run(folder, "people", who=NURSE, password=WORDS)} == {
        NAME,
        NURSE,
        CLERK,
        "Sample Nurse One",
    }
    with pytest.raises(KnownError, match="may not decide who works here"):
        run(folder, "people", "--remove", CLERK, who=NURSE, password=WORDS)
    with pytest.raises(KnownError, match="Nobody here is called"):
        run(folder, "people", "--remove", "Nobody At All")
    assert NURSE not in [each["name"] for each in run(folder, "people", "--remove", NURSE.lower())]
    with pytest.raises(KnownError, match="You have left this clinic"):
        run(folder, "check", who=NURSE, password=WORDS)
    assert run(folder, "check")["damage"] == []
    assert len(keyring.sign_in(folder, NAME, PASSWORD).own.past) == 1


def test_an_erasure_asks_for_both_passwords(folder: Path) -> None:
    (line,) = run(folder, "note", who=CLERK, password=WORDS)

    def erased(session: str, agreed: str) -> Any:
        reading, writing = os.pipe()
        os.write(writing, f"{agreed}\n".encode())
        os.close(writing)
        options = ["--reason", "on request", "--agreed-by", NURSE, "--agreed-password-fd", str(reading)]
        return run(folder, "erase", session, *options)

    with pytest.raises(KnownError, match="do not belong together"):
        erased(line["id"], "not this one at all")
    with pytest.raises(KnownError, match="may not agree to an erasure here"):
        erased(line["id"], WORDS)
    with pytest.raises(KnownError, match="Give the whole id"):
        erased(line["id"][-8:], WORDS)
    assert len(run(folder, "note", who=CLERK, password=WORDS)) == 1


def test_what_goes_to_whoever_helps_holds_nothing_of_the_record(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    log = paths.log_file()
    log.parent.mkdir(parents=True)
    log.write_text("INFO kapdesk: all is well\n")
    findings = run(folder, "doctor", "--bundle", str(tmp_path / "help.zip"))
    with zipfile.ZipFile(tmp_path / "help.zip") as held:
        assert sorted(held.namelist()) == ["findings.json", "kapdesk.log", "parts.txt"]
        assert json.loads(held.read("findings.json")) == findings
        everything = b"".join(held.read(name) for name in held.namelist())
    assert b"SQLAlchemy" in everything
    assert b"Sample Patient" not in everything
    assert (tmp_path / "help.zip").stat().st_mode & 0o077 == 0


def test_a_new_recovery_code_opens_and_the_old_one_does_no_more(folder: Path) -> None:
    with pytest.raises(KnownError, match="may not change the clinic's settings here"):
        run(folder, "people", "--new-recovery-code", who=NURSE, password=WORDS)
    first = run(folder, "people", "--new-recovery-code")["code"]
    second = run(folder, "people", "--new-recovery-code")["code"]
    ring = file.read(folder)
    assert ring is not None
    with pytest.raises(WrongCode):
        recover(ring, first)
    assert recover(ring, second).secrets
    assert [each["what"] for each in run(folder, "audit")][-2:] == ["made a new recovery code"] * 2


def test_a_protocol_file_is_checked_without_a_clinic(tmp_path: Path) -> None:
    shipped = paths.shipped("resources", "protocols", "nasal-esketamine.toml")
    said = CliRunner().invoke(commands, ["protocol", "check", str(shipped)], catch_exceptions=False)
    assert said.exit_code == 0
    assert "Vitals: at 40, 80, 120, then every 20 min; outside a limit again after 5 min" in said.output
    assert "Leaving: observed 120 min from the last dose; oriented, gait" in said.output
    broken = tmp_path / "mine.toml"
    broken.write_text(shipped.read_text(encoding="utf-8").replace("vitals_at_min = [40", "vitals_at_min = [140"))
    with pytest.raises(KnownError, match=r"mine\.toml, line 11, field vitals_at_min: minutes from the first dose"):
        CliRunner().invoke(commands, ["protocol", "check", str(broken)], catch_exceptions=False, standalone_mode=False)
    listed = CliRunner().invoke(commands, ["protocol", "list", "--clinic", str(tmp_path), "--json"])
    assert {row["name"] for row in json.loads(listed.output)} >= {"Oral tablet", "Nasal esketamine"}


def test_what_differs_between_two_protocol_files_is_said_line_by_line(tmp_path: Path) -> None:
    shipped = paths.shipped("resources", "protocols", "im-booster.toml")
    other = tmp_path / "mine.toml"
    other.write_text(shipped.read_text(encoding="utf-8").replace("most_mg = 100", "most_mg = 120"), encoding="utf-8")
    said = CliRunner().invoke(commands, ["protocol", "diff", str(shipped), str(other)], catch_exceptions=False)
    assert said.output == "Most in one dose: 100 mg → 120 mg\n"
    same = CliRunner().invoke(commands, ["protocol", "diff", str(other), str(other)], catch_exceptions=False)
    assert same.output == "They plan the same.\n"


def test_patients_come_from_a_table_after_a_dry_run_and_only_by_the_word(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("name;birth date\nSample Patient B;1985-01-01\nSample Patient C;31.02.1980\n", encoding="utf-8")
    dry = run(folder, "patients", "import", str(table), who=NURSE, password=WORDS)
    assert dry["taken_in"] == 0
    assert [(line["line"], line["fate"]) for line in dry["lines"]] == [(2, "new"), (3, "unreadable")]
    assert "Sample Patient" not in str(dry)
    done = run(folder, "patients", "import", str(table), "--yes", who=NURSE, password=WORDS)
    assert done["taken_in"] == 1
    again = run(folder, "patients", "import", str(table), "--yes", who=NURSE, password=WORDS)
    assert (again["taken_in"], again["lines"][0]["fate"]) == (0, "known")
    table.write_text("name;birth date\nSample Patient D;1971-01-01\n", encoding="utf-8")
    with pytest.raises(KnownError, match="may read here, not write"):
        run(folder, "patients", "import", str(table), "--yes", who=CLERK, password=WORDS)


def test_an_import_is_undone_as_a_whole_and_put_back_after_a_dry_run(folder: Path, tmp_path: Path) -> None:
    table, other = tmp_path / "patients.csv", tmp_path / "other.csv"
    table.write_text("name;birth date\nSample Patient B;1985-01-01\nSample Patient C;1986-01-01\n", encoding="utf-8")
    other.write_text("name;birth date\nSample Patient D;1987-01-01\n", encoding="utf-8")
    for each in (table, other):
        run(folder, "patients", "import", str(each), "--yes", who=NURSE, password=WORDS)
    undo = ("patients", "import", "--undo")
    dry = run(folder, *undo, str(table), who=NURSE, password=WORDS)
    assert (dry["taken_back"], [line["fate"] for line in dry["lines"]]) == (0, ["back", "back"])
    assert "Sample Patient" not in str(dry)
    assert run(folder, *undo, str(table), "--yes", who=NURSE, password=WORDS)["taken_back"] == 2
    assert run(folder, *undo, "--yes", who=NURSE, password=WORDS)["taken_back"] == 1, "the newest, where none is named"
    back = ("patients", "import", "--put-back", str(table))
    assert run(folder, *back, "--yes", who=NURSE, password=WORDS)["put_back"] == 2
    again = run(folder, "patients", "import", str(table), "--yes", who=NURSE, password=WORDS)
    assert [line["fate"] for line in again["lines"]] == ["known", "known"]
    table.write_text("name;birth date\nSomebody Else;1985-01-01\n", encoding="utf-8")
    with pytest.raises(KnownError, match="never taken in"):
        run(folder, *undo, str(table), "--yes", who=NURSE, password=WORDS)
    with pytest.raises(KnownError, match="may read here, not write"):
        run(folder, "patients", "import", "--put-back", str(other), "--yes", who=CLERK, password=WORDS)


def test_a_table_is_told_line_by_line_without_names_and_asks_what_its_dates_mean(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("name,birth date\nSample Patient B,03/04/1985\n,1980-01-01\n", encoding="utf-8")
    reading, writing = os.pipe()
    os.write(writing, f"{WORDS}\n".encode())
    os.close(writing)
    options = ["--clinic", str(folder), "--as", NURSE, "--password-fd", str(reading)]
    result = CliRunner().invoke(commands, ["patients", "import", str(table), *options])
    assert result.exit_code == 0
    assert "line 2: birth date 03/04/1985: day or month first?" in result.output
    assert "line 3: name is missing" in result.output
    assert "Say --day-first or --month-first" in result.output
    assert "Nothing was taken in." in result.output
    assert "Sample" not in result.output
    done = run(folder, "patients", "import", str(table), "--day-first", "--yes", who=NURSE, password=WORDS)
    assert done["taken_in"] == 1


def test_where_signed_notes_are_filed_is_said_and_shown(folder: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with pytest.raises(KnownError, match="is not there"):
        run(folder, "file", "--folder", str(notes))
    notes.mkdir()
    with pytest.raises(KnownError, match="may not change the clinic's settings"):
        run(folder, "file", "--folder", str(notes), who=CLERK, password=WORDS)
    said = run(folder, "file", "--folder", str(notes), "--scheme", "{number} {date}")
    assert (said["folder"], said["scheme"], said["waiting"]) == (str(notes), "{number} {date}", 0)
    assert run(folder, "file", "--now", who=CLERK, password=WORDS)["filed"] == []
    assert run(folder, "file", "--folder", "")["folder"] == ""
    with pytest.raises(KnownError, match="No folder is chosen"):
        run(folder, "file", "--now", who=CLERK, password=WORDS)


def test_a_new_secret_is_typed_twice_and_asked_for_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def asks() -> None:
        click.echo(typed(None, "Passphrase of the archive", "--passphrase-fd", twice=True))

    with pytest.raises(KnownError, match="ask for “Passphrase of the archive”: give it with --passphrase-fd N"):
        CliRunner().invoke(asks, catch_exceptions=False)
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    said = CliRunner().invoke(asks, input="one\nother\none\none\n", catch_exceptions=False)
    assert said.output.splitlines()[-1] == "one"
    assert "Passphrase of the archive, once more" in said.output


def test_visits_are_exported_to_a_key_and_it_is_on_record(folder: Path, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    desk = Desk(folder, Computer())
    room = desk.dosed(desk.room(desk.person("Sample Nurse Three")))
    desk.kept(room.record(Ended("left against advice")))
    desk.clinic.close()

    to = ("--for", "City Hospital", "--key", str(identity.to_public()), "--out", str(tmp_path / "o.zip.age"))
    made = run(folder, "export", str(room.id)[-6:], *to, who=CLERK, password=WORDS)
    assert made["visits"] == 1
    with pytest.raises(KnownError, match=r"No visit of those days is over\. Nothing was exported"):
        run(folder, "export", "--to", "1999-12-31", *to, who=CLERK, password=WORDS)
    content = pyrage.decrypt((tmp_path / "o.zip.age").read_bytes(), [identity])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert any(name.endswith("note DRAFT.pdf") for name in archive.namelist())
    told = [each["what"] for each in run(folder, "audit") if each["by"] == CLERK]
    assert sum(f"EXPORTED visit {room.id.hex[-8:]}" in each for each in told) == 1
