"""Facts to bytes and back, for every kind of stream."""

from typing import Any

import msgspec

from kapdesk.errors import KnownError
from kapdesk.facts import clinic, patient, private, session
from kapdesk.facts.entry import Kind, Payload
from kapdesk.facts.fact import Fact, Unread, tag_of

CODEC = "json"

_encoder = msgspec.json.Encoder()
_decoders: dict[Kind, msgspec.json.Decoder[Any]] = {
    "session": msgspec.json.Decoder(session.SessionFact),
    "patient": msgspec.json.Decoder(patient.PatientFact),
    "clinic": msgspec.json.Decoder(clinic.ClinicFact),
    "private": msgspec.json.Decoder(private.PrivateFact),
}


def encode(fact: Fact) -> bytes:
    """The bytes that are stored and hashed: what is read from them is what was said.

    Raises KnownError for text with half a character in it, and for a number too large to be kept.
    """
    try:
        content = _encoder.encode(fact)
    except UnicodeEncodeError as error:
        raise KnownError(
            "The text holds half a character, which cannot be kept. Take it out and enter it again."
        ) from error
    try:
        msgspec.json.decode(content, type=type(fact))
    except msgspec.ValidationError as error:
        raise KnownError(f"This cannot be kept as it is ({error}). Check the numbers and enter it again.") from error
    return content


def decode(stream: Kind, kind: str, payload: Payload | None) -> Any:
    """The fact in a payload. Total: what cannot be read here comes back as `Unread`, with the reason."""
    if payload is None:
        return Unread(kind, "erased")
    if payload.sealed_to is not None:
        return Unread(kind, "sealed")
    if payload.codec != CODEC:
        return Unread(kind, "unknown")
    try:
        fact = _decoders[stream].decode(payload.bytes)
    except (KeyError, msgspec.MsgspecError, UnicodeError, RecursionError):  # KeyError: a stream of a newer KapDesk
        return Unread(kind, "unknown")
    return fact if tag_of(fact) == kind else Unread(kind, "unknown")  # what an entry says it is, it must be
