"""What one person keeps to themselves about one patient: psychotherapy notes, sealed, never printed with the record."""

from kapdesk.facts.fact import Correction, Erased, Fact, Struck


class ReflectionWritten(Fact, frozen=True, tag="reflection-written"):
    """A private note."""

    text: str


class Corrected(Correction, frozen=True, tag="corrected"):
    """An earlier private note was wrong: this is how it was."""

    truth: "PrivateFact"


PrivateFact = ReflectionWritten | Corrected | Struck | Erased
