"""What can be recorded of papers on their way out: where signed notes are filed, how soon, and what was exported."""

from typing import Literal
from uuid import UUID

from kapdesk.facts.fact import Fact, Whole

ExportedTo = Literal["key", "passphrase"]


class FilingSet(Fact, frozen=True, tag="filing-set"):
    """Signed notes are filed into this folder, under names by this scheme, from now on; without a folder nowhere."""

    folder: str
    scheme: str


class TrayDaysSet(Fact, frozen=True, tag="tray-days-set"):
    """So many days after a visit its note is to be signed, countersigned and filed, from now on."""

    sign: Whole
    countersign: Whole
    file: Whole


class Exported(Fact, frozen=True, tag="exported"):
    """Visits left the record together, in an encrypted archive of this SHA-256: to whom, in words, and from which
    day to which (YYYY-MM-DD) where they were chosen by period. It is said before the archive has its name.

    `opens_with`: the recipient's key, or a passphrase.
    """

    sessions: tuple[UUID, ...]
    to: str
    sha256: str
    opens_with: ExportedTo
    since: str = ""
    until: str = ""


FilingFact = FilingSet | TrayDaysSet | Exported
