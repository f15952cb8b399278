"""The clinic's certificate, under which its papers are signed: made at its founding, or one the clinic brings along.

The certificate stands in the clinic's record, so that whoever reads a paper can be given it; its private key lies in
the ring of keys, sealed to those who work here.
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from kapdesk.access.ring import SEAL
from kapdesk.errors import KnownError
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.seal import SealMade, TimeStampsSet
from kapdesk.people.clinic import Clinic
from kapdesk.record.recorder import Recording

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from kapdesk.clinic.keyring import Keyring
    from kapdesk.clinic.open import OpenClinic

YEARS = 10
SOON = timedelta(days=60)
"""So long before its end it is time for a new one."""

BITS = 3_072
"""RSA. NIST SP 800-57 part 1 holds it good beyond 2030; an elliptic key would make the file's version PDF 2.0."""

FEWEST_BITS = 2_048
"""Of one that the clinic brings along."""

_LONGEST_NAME = 64
"""Characters in a name of a certificate (X.520, ub-common-name)."""

_BETWEEN = " /|\\,;:&+–—-·"
"""What joins two parts of a name, and is no part of either."""


class Made(msgspec.Struct, frozen=True):
    """A certificate (PEM; those above it follow), its digest, and its private key (PKCS#8). `repr` shows no key."""

    pem: str
    sha256: str
    key: bytes

    def __repr__(self) -> str:
        return f"<the certificate {self.sha256[:16]} and its key>"

    @property
    def fact(self) -> SealMade:
        """What is on record of it."""
        return SealMade(self.pem, self.sha256)

    @property
    def name(self) -> str:
        """What its key is called in the ring."""
        return f"{SEAL}{self.sha256}"


UNKNOWN = "A paper signed under it reads as altered though it is not, for its name cannot be compared"
"""Of a certificate made before names were looked at: one in both directions, or with signs that X.500 does not know."""


class Known(msgspec.Struct, frozen=True):
    """What a certificate says, in words: whose it is, from when to when it holds (UTC), its digest; `compares`: whether
    its name can be compared, without which no signature under it is verified."""

    whose: str
    since: datetime
    until: datetime
    sha256: str
    compares: bool = True

    def over(self, now_us: int) -> bool:
        """Whether nothing can be signed under it any more."""
        return self.until <= datetime.fromtimestamp(now_us / 1e6, UTC)

    def soon_over(self, now_us: int) -> bool:
        """Whether it is time for a new one."""
        return self.until - SOON <= datetime.fromtimestamp(now_us / 1e6, UTC)


class Expired(KnownError):
    """There is a certificate, but its time is over."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            f"The clinic’s certificate ended on {until.date().isoformat()}. The record is signed and locked as it is; "
            "the signed paper waits until there is a new certificate (The clinic, Certificate)."
        )


def make(clinic: str, now_us: int) -> Made:
    """A new key (RSA-3072) and a certificate of its own signing for a clinic of this name; takes about 0.2 s."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    shown = _named(clinic)
    name = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, shown), x509.NameAttribute(NameOID.COMMON_NAME, shown)]
    )
    begun = datetime.fromtimestamp(now_us / 1e6, UTC).replace(microsecond=0) - timedelta(days=1)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun.replace(year=begun.year + YEARS, day=min(begun.day, 28)))
        # It stands for itself alone, but readers take only a certificate that may issue others as one to trust.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    return _made([certificate], key)


def _named(clinic: str) -> str:
    """The clinic's name as a certificate can bear it: at most 64 characters that X.500 can compare (RFC 4518).

    That compares no name that is written in both directions, nor signs younger than Unicode 3.2. Of such a name the
    longer part that it does compare stands in the certificate; the papers themselves bear the name in full.
    """
    words = "".join(c if c.isprintable() else " " for c in clinic).split()
    plain = [word for word in words if _comparable(word)]
    parts = [[word for word in plain if _leftwards(word) == way] for way in (False, True)]
    partial = sorted((" ".join(part).strip(_BETWEEN) for part in parts), key=len, reverse=True)
    cut = ((" ".join(words))[:_LONGEST_NAME].strip(), *(each[:_LONGEST_NAME].strip(_BETWEEN) for each in partial))
    return next((each for each in cut if each and _comparable(each)), "Clinic")


def _leftwards(word: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in word)


def _comparable(name: str) -> bool:
    """Whether two certificates of this name are known for the same; where not, none of their signatures is verified."""
    from asn1crypto.x509 import Name

    try:
        return bool(Name.build({"common_name": name}).hashable.strip())
    except ValueError:
        return False


def own(content: bytes, password: str, now_us: int) -> Made:
    """The clinic's own certificate and key out of a PKCS#12 file (.p12, .pfx). Raises KnownError where it cannot be."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    try:
        found = load_pkcs12(content, password.encode("utf-8") or None)
    except ValueError as error:
        raise KnownError(
            "That file does not open: it is no PKCS#12 file (.p12, .pfx), or its password is another one. Nothing was "
            "changed."
        ) from error
    if found.key is None or found.cert is None:
        raise KnownError("That file lacks a certificate or its private key. Nothing was changed; export both together.")
    if not isinstance(found.key, RSAPrivateKey) or found.key.key_size < FEWEST_BITS:
        raise KnownError(
            f"The key in that file is no RSA key of {FEWEST_BITS} bits or more, as an archived paper needs one. "
            "Nothing was changed; ask for another certificate."
        )
    made = _made([found.cert.certificate, *(each.certificate for each in found.additional_certs)], found.key)
    known = read(made.pem)
    if known.over(now_us):
        raise KnownError(f"That certificate ended on {known.until.date().isoformat()}. Nothing was changed.")
    if not known.compares:
        raise KnownError(
            "A name in that certificate is written in both directions, or with signs that certificates do not know: no "
            "signature under it could be verified. Nothing was changed; ask for one under a plainer name."
        )
    return made


def _compares(der: bytes) -> bool:
    from asn1crypto.x509 import Certificate

    try:
        certificate = Certificate.load(der)
        return bool(certificate.subject.hashable and certificate.issuer.hashable)
    except ValueError:
        return False


def _made(chain: "Sequence[Certificate]", key: object) -> Made:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = "".join(each.public_bytes(Encoding.PEM).decode("ascii") for each in chain)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())  # type: ignore[attr-defined]
    return Made(pem, chain[0].fingerprint(SHA256()).hex(), private)


def read(pem: str) -> Known:
    """What a certificate says. Raises KnownError where that is none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        certificate = x509.load_pem_x509_certificates(pem.encode("utf-8"))[0]
    except ValueError as error:
        raise KnownError("That is no certificate that can be read. Nothing was recorded.") from error
    return Known(
        certificate.subject.rfc4514_string(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        certificate.fingerprint(SHA256()).hex(),
        _compares(certificate.public_bytes(Encoding.DER)),
    )


def doubt(fact: SealMade | TimeStampsSet) -> str | None:
    """What is wrong with a seal, or with an address of who stamps the time."""
    if isinstance(fact, TimeStampsSet):
        plain = fact.url.startswith("https://") and fact.url.isprintable() and " " not in fact.url
        return (
            None if not fact.url or plain else "An authority's address begins with https://. Type it, or leave it out."
        )
    try:
        fits = read(fact.pem).sha256 == fact.sha256
    except KnownError as error:
        return str(error)
    return None if fits else "The certificate's digest is not the one in its text. Nothing was recorded."


def held(clinic: Clinic, ring: "Keyring") -> Made | None:
    """The newest certificate whose private key this ring holds, with it."""
    for each in reversed(clinic.seals):
        key = ring.shared(f"{SEAL}{each.sha256}")
        if key is not None:
            return Made(each.pem, each.sha256, bytes(key))
    return None


def usable(clinic: Clinic, ring: "Keyring", now_us: int) -> Made:
    """What papers are signed under now. Raises Expired, or KnownError where there is none at all."""
    found = held(clinic, ring)
    if found is None:
        raise KnownError(
            "This clinic has no certificate of its own yet. The record is signed and locked as it is; the signed paper "
            "waits until there is one (The clinic, Certificate)."
        )
    known = read(found.pem)
    if known.over(now_us):
        raise Expired(known.until)
    return found


def warning(clinic: Clinic, ring: "Keyring", now_us: int) -> str:
    """That the certificate ends soon, is over or is of no use, and what to do; "" while it holds."""
    found = held(clinic, ring)
    if found is None:
        return ""
    known = read(found.pem)
    if not known.compares:
        return f"The clinic’s certificate: {UNKNOWN.lower()}. Make a new one (The clinic, Certificate)."
    if not known.soon_over(now_us):
        return ""
    day = known.until.date().isoformat()
    how = f"ended on {day}: no paper is signed" if known.over(now_us) else f"ends on {day}"
    return f"The clinic’s certificate {how}. Make a new one, or take in your own (The clinic, Certificate)."


def take(clinic: "OpenClinic", made: Made, actor: Actor) -> Recording:
    """Papers are signed under this certificate from now on: its key goes into the ring first, then it is on record.

    Raises KnownError where the actor may not.
    """
    if actor != ITSELF:
        clinic.require(actor.entered_by, "settings")
    clinic.ring.keep(made.name, made.key)
    return clinic.recorder.record(made.fact, actor)


def stamp_times(clinic: "OpenClinic", url: str, actor: Actor) -> Recording:
    """Ask this authority to stamp the time of signed papers from now on; "" asks none, and no network is touched."""
    clinic.require(actor.entered_by, "settings")
    return clinic.recorder.record(TimeStampsSet(url.strip()), actor)
