"""The commands: `kapdesk open | demo | note | sign | countersign | addendum | certificate | file | check | backup |
restore | people | audit | erase | doctor | patients | protocol | music | downtime | sheet | letterhead | csv | fhir
| export | stock`."""

import sys

import click

from kapdesk.cli import (
    certificate,
    downtime,
    exchange,
    filing,
    letterhead,
    music,
    patients,
    protocol,
    record,
    sessions,
    sheets,
    signing,
    staff,
    stock,
    verify,
)
from kapdesk.cli.common import say
from kapdesk.errors import KnownError


def main() -> None:
    """Run a command. An expected failure is one plain sentence and exit code 1."""
    _leave_no_core()
    try:
        commands(standalone_mode=False)
    except KnownError as error:
        say(str(error))
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


def _leave_no_core() -> None:
    """A crash must not write keys and notes to the disk."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kapdesk")
def commands() -> None:
    """Runs a ketamine-assisted psychotherapy session and keeps its record."""


for _command in (
    sessions.open_,
    sessions.demo,
    sessions.note,
    signing.sign,
    signing.countersign,
    signing.addendum,
    sessions.summary_,
    filing.file_,
    filing.export_,
    record.check,
    record.backup_,
    record.restore_,
    record.doctor,
    staff.erase_,
    staff.audit_,
    staff.substances_,
    staff.people_,
    patients.patients,
    protocol.protocol,
    music.music,
    downtime.downtime,
    sheets.sheet,
    stock.stock,
    certificate.certificate_,
    exchange.csv_,
    exchange.fhir_,
    letterhead.letterhead_,
    verify.verify_,
):
    commands.add_command(_command)
