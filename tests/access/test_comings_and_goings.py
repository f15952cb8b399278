"""In whatever order people come, leave, forget and share, each opens what they should and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.access import keys, sealing
from kapdesk.access.accounts import NewPassword
from kapdesk.access.ring import RECOVERY, Unlocked
from tests.access.sample import CLINIC, DATABASE_KEY, NOOR, NOOR_SAYS

pytestmark = pytest.mark.usefixtures("cheap")
DOINGS = ("add", "remove", "return", "change", "reset", "new code", "write", "share", "sign in")


class House:
    """The keys beside a plain list of who should open what."""

    def __init__(self) -> None:
        unlocked, self.code = keys.new_ring(CLINIC, {"database": DATABASE_KEY}, NOOR, NOOR, NOOR_SAYS)
        self.ring = unlocked.ring
        self.says = {NOOR: NOOR_SAYS}
        self.left: set[str] = set()
        self.shared = {"database": DATABASE_KEY}
        self.private: dict[str, bytes] = {}
        self.author: dict[str, str] = {}
        self.reads: dict[str, set[str]] = {RECOVERY: set(), NOOR: set()}

    def unlock(self, who: str) -> Unlocked:
        return keys.recover(self.ring, self.code) if who == RECOVERY else keys.unlock(self.ring, who, self.says[who])

    def expected(self, who: str) -> dict[str, bytes]:
        shared = {} if who in self.left else self.shared
        return {**shared, **{name: self.private[name] for name in self.reads[who]}}

    def sealed_anew(self, by: str) -> None:
        """What whoever acts knows comes to its author and to the recovery code."""
        for name in self.reads[by]:
            self.reads[self.author[name]].add(name)
            self.reads[RECOVERY].add(name)

    def do(self, doing: str, by: str, whom: str, number: int) -> None:
        own, new = self.unlock(by), NewPassword(f"password {number}")
        match doing:
            case "add":
                after = keys.add(own, f"p{number}", f"Person {number}", new)
                self.says[f"p{number}"], self.reads[f"p{number}"] = new, set()
            case "remove" if whom not in {by, RECOVERY} | self.left:
                key = sealing.new_key()
                after = keys.remove(own, whom, key)
                self.left.add(whom)
                self.reads[whom] = {name for name in self.reads[whom] if self.author[name] == whom}
                self.shared |= {f"database:{len(self.shared)}": self.shared["database"], "database": key}
            case "return" if whom in self.left:
                after = keys.return_(own, whom)
                self.left.remove(whom)
            case "change" if by != RECOVERY:
                after = keys.change_password(own, self.says[by], new)
                self.says[by] = new
            case "reset" if whom != RECOVERY:
                after, away = keys.reset_password(own, whom, new)
                self.says[whom] = new
                lost = self.reads[whom] - self.reads[by]
                self.reads[whom] -= lost
                assert set(away) >= lost
            case "new code":
                after, self.code, unreached = keys.new_recovery(own)
                self.reads[RECOVERY] &= self.reads[by]
                self.sealed_anew(by)
                assert set(unreached) == set(self.private) - self.reads[RECOVERY]
            case "write" if by != RECOVERY:
                name, key = f"private:{number}", sealing.new_key()
                after = keys.add_secret(own, name, key)
                self.private[name], self.author[name] = key, by
                self.reads[by].add(name)
            case "share" if whom not in {RECOVERY} | self.left and (mine := self.own(by)):
                after = keys.share(own, mine, whom)
                self.reads[whom].add(mine)
            case "sign in":
                after = keys.complete(own)
            case _:
                return
        self.sealed_anew(by)
        self.ring = after.ring
        assert dict(after.secrets) == self.expected(by)

    def own(self, person: str) -> str | None:
        return next((name for name in sorted(self.reads[person]) if self.author[name] == person), None)


STEPS = st.lists(st.tuples(st.sampled_from(DOINGS), st.integers(0, 99), st.integers(0, 99)), max_size=12)


@given(steps=STEPS)
def test_everyone_opens_what_they_should_and_nothing_else(steps: list[tuple[str, int, int]]) -> None:
    house = House()
    for number, (doing, by, whom) in enumerate([("add", 0, 0), ("write", 0, 0), ("write", 1, 0), *steps], 1):
        everyone = sorted(house.reads)
        present = [each for each in everyone if each not in house.left]
        house.do(doing, present[by % len(present)], everyone[whom % len(everyone)], number)
        for who in house.reads:
            unlocked = house.unlock(who)
            assert dict(unlocked.secrets) == house.expected(who)
            assert unlocked.left == (who in house.left)
