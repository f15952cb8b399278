"""Passwords that cost nothing, and the clinic that most of these tests begin with."""

from collections.abc import Iterator

import pytest

from kapdesk.access import sealing
from tests.access.sample import Clinic, clinic


@pytest.fixture(scope="module")
def cheap() -> Iterator[None]:
    """Argon2id that takes no time; nothing but a test can ask for it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("COST", "LEAST"):
            patch.setattr(sealing, name, sealing.Cost(1, 8, 1))
        yield


@pytest.fixture(scope="module")
def sample(cheap: None) -> Clinic:
    return clinic()
