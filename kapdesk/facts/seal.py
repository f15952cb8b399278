"""What can be recorded of the clinic's seal: the certificate its papers are signed with, and who stamps their time."""

from kapdesk.facts.fact import Fact


class SealMade(Fact, frozen=True, tag="seal-made"):
    """The clinic signs its papers under this certificate from now on: PEM, and the SHA-256 (lower hex) of its DER.

    Where it was issued by another, those above it follow in the PEM. What was signed before stays under its own.
    """

    pem: str
    sha256: str


class TimeStampsSet(Fact, frozen=True, tag="time-stamps-set"):
    """Signed papers get a time stamp from this authority from now on (RFC 3161, https); empty: from none."""

    url: str


SealFact = SealMade | TimeStampsSet
