"""Who opens what, after people came, left, forgot their passwords and came back."""

import pytest
from msgspec.structs import replace

from kapdesk.access import keys, recovery
from kapdesk.access.accounts import NewPassword
from kapdesk.access.keys import WrongCode, WrongPassword
from kapdesk.access.ring import RECOVERY
from kapdesk.errors import KnownError
from tests.access.sample import (
    CLINIC,
    DATABASE_KEY,
    NEW_DATABASE_KEY,
    NEXT,
    NOOR,
    NOOR_SAYS,
    NOORS,
    NOORS_KEY,
    STATION_KEY,
    TARIQ,
    TARIQ_SAYS,
    TARIQS,
    TARIQS_KEY,
    Clinic,
    opened,
)

pytestmark = pytest.mark.usefixtures("cheap")
EVERYONES = {"database": DATABASE_KEY, "station:one": STATION_KEY}
REKEYED = {"database": NEW_DATABASE_KEY, "database:1": DATABASE_KEY, "station:one": STATION_KEY}


def test_each_opens_what_everyone_holds_and_their_own_private_stream(sample: Clinic) -> None:
    assert opened(sample.ring, NOOR, NOOR_SAYS) == {**EVERYONES, NOORS: NOORS_KEY}
    assert opened(sample.ring, TARIQ, TARIQ_SAYS) == {**EVERYONES, TARIQS: TARIQS_KEY}


def test_the_recovery_code_opens_everything_however_it_is_typed(sample: Clinic) -> None:
    everything = {**EVERYONES, NOORS: NOORS_KEY, TARIQS: TARIQS_KEY}
    for typed in (sample.code, sample.code.lower().replace("-", " "), sample.code.replace("0", "o").replace("1", "l")):
        unlocked = keys.recover(sample.ring, typed)
        assert (unlocked.holder, dict(unlocked.secrets)) == (RECOVERY, everything)


def test_what_an_operation_leaves_open_is_what_a_sign_in_would_open(sample: Clinic) -> None:
    assert dict(sample.tariq.secrets) == opened(sample.tariq.ring, TARIQ, TARIQ_SAYS)
    rekeyed = keys.rekey(sample.noor, NEW_DATABASE_KEY)
    assert dict(rekeyed.secrets) == opened(rekeyed.ring, NOOR, NOOR_SAYS)


@pytest.mark.parametrize("who", [NOOR, "Noor Sample", "noor sample", "  NOOR   Sample ", "Ｎｏｏｒ Sample"])
def test_a_person_is_found_by_id_or_name_however_it_is_typed(sample: Clinic, who: str) -> None:
    assert keys.unlock(sample.ring, who, NOOR_SAYS).holder == NOOR


def test_a_wrong_name_and_a_wrong_password_are_told_alike(sample: Clinic) -> None:
    told = set()
    for who, password in [(NOOR, TARIQ_SAYS), ("Nobody", NOOR_SAYS), (NOOR, ""), (NOOR, NOOR_SAYS.upper())]:
        with pytest.raises(WrongPassword) as caught:
            keys.unlock(sample.ring, who, password)
        told.add(str(caught.value))
    assert len(told) == 1


def test_the_recovery_code_is_no_persons_password(sample: Clinic) -> None:
    for who in (RECOVERY, "Recovery code", "Nobody", NOOR):
        with pytest.raises(WrongPassword):
            keys.unlock(sample.ring, who, sample.code)


def test_another_clinics_code_is_told_apart_from_a_mistyped_one(sample: Clinic) -> None:
    with pytest.raises(WrongCode):
        keys.recover(sample.ring, recovery.new())
    with pytest.raises(recovery.Mistyped):
        keys.recover(sample.ring, sample.code[:-1])


def test_a_long_or_odd_name_or_password_is_wrong_and_no_crash(sample: Clinic) -> None:
    for password in ("x" * 100_000, "\ud800", "\x00", "e" + "\u0301" * 50_000):
        with pytest.raises(WrongPassword):
            keys.unlock(sample.ring, NOOR, password)
        with pytest.raises(WrongPassword):
            keys.unlock(sample.ring, password, NOOR_SAYS)


def test_a_password_is_the_same_from_every_keyboard(sample: Clinic) -> None:
    after = keys.change_password(sample.noor, NOOR_SAYS, NewPassword("café hérons du soir"))
    assert opened(after.ring, NOOR, "cafe\u0301 he\u0301rons\u00a0du soir")


@pytest.mark.parametrize(
    "name", ["Noor Sample", "NOOR  sample", "ｎｏｏｒ sample", "person-tariq", "Recovery", "", "a\nb\x00"]
)
def test_a_name_belongs_to_one_person(sample: Clinic, name: str) -> None:
    with pytest.raises(KnownError, match="Nothing was changed"):
        keys.add(sample.noor, "person-new", name, NEXT)
    with pytest.raises(KnownError, match="Nothing was changed"):
        keys.rename(sample.noor, TARIQ, name if name != "person-tariq" else "person-noor")


def test_someone_can_be_shown_under_another_name(sample: Clinic) -> None:
    after = keys.rename(sample.noor, TARIQ, "Tariq  Other")
    assert keys.unlock(after.ring, "tariq other", TARIQ_SAYS).holder == TARIQ
    with pytest.raises(WrongPassword):
        keys.unlock(after.ring, "Tariq Sample", TARIQ_SAYS)


def test_a_changed_password_opens_all_the_old_one_did_and_the_old_one_nothing(sample: Clinic) -> None:
    after = keys.change_password(sample.noor, NOOR_SAYS, NEXT)
    assert opened(after.ring, NOOR, NEXT) == dict(sample.noor.secrets)
    with pytest.raises(WrongPassword):
        keys.unlock(after.ring, NOOR, NOOR_SAYS)
    with pytest.raises(WrongPassword, match="still holds"):
        keys.change_password(sample.noor, "not the one so far", NEXT)


def test_the_old_password_and_an_old_file_open_nothing_that_was_sealed_later(sample: Clinic) -> None:
    later = keys.rekey(keys.change_password(sample.noor, NOOR_SAYS, NEXT), NEW_DATABASE_KEY)
    with_old_pair = replace(later.ring, holders=sample.ring.holders)
    with pytest.raises(keys.Changed):
        keys.unlock(with_old_pair, NOOR, NOOR_SAYS)


def test_an_old_key_file_put_back_is_only_as_good_as_it_was(sample: Clinic) -> None:
    keys.remove(keys.change_password(sample.noor, NOOR_SAYS, NEXT), TARIQ, NEW_DATABASE_KEY)
    assert NEW_DATABASE_KEY not in opened(sample.ring, TARIQ, TARIQ_SAYS).values()
    assert opened(sample.ring, NOOR, NOOR_SAYS)["database"] == DATABASE_KEY
    with pytest.raises(WrongPassword):
        keys.unlock(sample.ring, NOOR, NEXT)


def test_a_password_reset_by_a_colleague_leaves_private_notes_to_the_recovery_code(sample: Clinic) -> None:
    after, sealed_away = keys.reset_password(sample.noor, TARIQ, NEXT)
    assert sealed_away == (TARIQS,)
    assert opened(after.ring, TARIQ, NEXT) == EVERYONES
    recovered = keys.recover(after.ring, sample.code)
    assert recovered.secrets[TARIQS] == TARIQS_KEY
    assert opened(keys.complete(recovered).ring, TARIQ, NEXT) == {**EVERYONES, TARIQS: TARIQS_KEY}


def test_a_password_reset_under_the_recovery_code_leaves_nothing_out(sample: Clinic) -> None:
    after, sealed_away = keys.reset_password(keys.recover(sample.ring, sample.code), TARIQ, NEXT)
    assert sealed_away == ()
    assert opened(after.ring, TARIQ, NEXT) == {**EVERYONES, TARIQS: TARIQS_KEY}


def test_who_has_left_opens_their_private_stream_and_neither_key_of_the_record(sample: Clinic) -> None:
    after = keys.remove(sample.noor, TARIQ, NEW_DATABASE_KEY)
    gone = keys.unlock(after.ring, TARIQ, TARIQ_SAYS)
    assert gone.left
    assert dict(gone.secrets) == {TARIQS: TARIQS_KEY}


def test_the_others_and_the_recovery_code_go_on_with_the_new_key_and_keep_the_old(sample: Clinic) -> None:
    after = keys.remove(sample.noor, TARIQ, NEW_DATABASE_KEY)
    assert opened(after.ring, NOOR, NOOR_SAYS) == {**REKEYED, NOORS: NOORS_KEY}
    everything = {**REKEYED, NOORS: NOORS_KEY, TARIQS: TARIQS_KEY}
    assert dict(keys.recover(after.ring, sample.code).secrets) == everything


def test_who_has_left_changes_nothing_any_more(sample: Clinic) -> None:
    gone = keys.unlock(keys.remove(sample.noor, TARIQ, NEW_DATABASE_KEY).ring, TARIQ, TARIQ_SAYS)
    for change in (
        lambda: keys.change_password(gone, TARIQ_SAYS, NEXT),
        lambda: keys.add(gone, "person-new", "Someone New", NEXT),
        lambda: keys.complete(gone),
        lambda: keys.new_recovery(gone),
        lambda: keys.return_(gone, TARIQ),
    ):
        with pytest.raises(KnownError, match="You have left"):
            change()


def test_the_last_key_of_who_left_signs_no_ring_of_today(sample: Clinic) -> None:
    after = keys.remove(sample.noor, TARIQ, NEW_DATABASE_KEY)
    forged = keys.rename(replace(sample.tariq, ring=after.ring), NOOR, "Someone Else")
    with pytest.raises(keys.Changed):
        keys.unlock(forged.ring, NOOR, NOOR_SAYS)


def test_who_comes_back_holds_what_everyone_holds_under_the_password_they_had(sample: Clinic) -> None:
    away = keys.remove(sample.noor, TARIQ, NEW_DATABASE_KEY)
    back = keys.return_(away, TARIQ)
    assert opened(back.ring, TARIQ, TARIQ_SAYS) == {**REKEYED, TARIQS: TARIQS_KEY}
    with pytest.raises(KnownError, match="has not left"):
        keys.return_(back, TARIQ)


def test_a_second_removal_keeps_every_key_the_record_had(sample: Clinic) -> None:
    once = keys.remove(sample.noor, TARIQ, NEW_DATABASE_KEY)
    twice = keys.remove(keys.return_(once, TARIQ), TARIQ, b"\xd3" * 32)
    kept = opened(twice.ring, NOOR, NOOR_SAYS)
    assert (kept["database"], kept["database:2"], kept["database:1"]) == (b"\xd3" * 32, NEW_DATABASE_KEY, DATABASE_KEY)


def test_nobody_is_removed_twice_nor_by_themselves(sample: Clinic) -> None:
    away = keys.remove(sample.noor, TARIQ, NEW_DATABASE_KEY)
    with pytest.raises(KnownError, match="has left already"):
        keys.remove(away, TARIQ, b"\xd3" * 32)
    with pytest.raises(KnownError, match="Nobody can remove themselves"):
        keys.remove(sample.noor, NOOR, NEW_DATABASE_KEY)
    with pytest.raises(KnownError, match="no keys here"):
        keys.remove(sample.noor, "person-unknown", NEW_DATABASE_KEY)


def test_the_recovery_code_can_remove_the_last_person_and_bring_in_another(sample: Clinic) -> None:
    recovered = keys.recover(sample.ring, sample.code)
    alone = keys.remove(keys.remove(recovered, TARIQ, NEW_DATABASE_KEY), NOOR, b"\xd3" * 32)
    again = keys.add(alone, "person-new", "Someone New", NEXT)
    assert opened(again.ring, "person-new", NEXT)["database"] == b"\xd3" * 32


def test_a_new_recovery_code_ends_the_old_one(sample: Clinic) -> None:
    after, code, unreached = keys.new_recovery(keys.recover(sample.ring, sample.code))
    assert unreached == ()
    assert dict(keys.recover(after.ring, code).secrets) == {**EVERYONES, NOORS: NOORS_KEY, TARIQS: TARIQS_KEY}
    with pytest.raises(WrongCode):
        keys.recover(after.ring, sample.code)


def test_a_new_code_without_the_old_comes_to_private_streams_when_their_authors_do(sample: Clinic) -> None:
    after, code, unreached = keys.new_recovery(sample.noor)
    assert unreached == (TARIQS,)
    assert TARIQS not in keys.recover(after.ring, code).secrets
    signed_in = keys.complete(keys.unlock(after.ring, TARIQ, TARIQ_SAYS))
    assert keys.recover(signed_in.ring, code).secrets[TARIQS] == TARIQS_KEY


def test_where_nothing_is_missing_a_sign_in_leaves_the_ring_as_it_is(sample: Clinic) -> None:
    assert keys.complete(sample.noor).ring == sample.ring
    assert keys.complete(keys.recover(sample.ring, sample.code)).ring == sample.ring


def test_private_notes_are_read_by_whom_their_author_names(sample: Clinic) -> None:
    shared = keys.share(sample.tariq, TARIQS, NOOR)
    assert opened(shared.ring, NOOR, NOOR_SAYS)[TARIQS] == TARIQS_KEY
    reader = keys.unlock(shared.ring, NOOR, NOOR_SAYS)
    with pytest.raises(KnownError, match="Only who writes"):
        keys.share(reader, TARIQS, NOOR)
    gone = keys.remove(sample.tariq, NOOR, NEW_DATABASE_KEY)
    with pytest.raises(KnownError, match="has left"):
        keys.share(gone, TARIQS, NOOR)


def test_a_reader_who_leaves_reads_no_more_and_one_with_a_new_password_does(sample: Clinic) -> None:
    shared = keys.share(sample.tariq, TARIQS, NOOR)
    assert opened(keys.remove(shared, NOOR, NEW_DATABASE_KEY).ring, NOOR, NOOR_SAYS) == {NOORS: NOORS_KEY}
    reader = keys.unlock(shared.ring, NOOR, NOOR_SAYS)
    assert opened(keys.change_password(reader, NOOR_SAYS, NEXT).ring, NOOR, NEXT)[TARIQS] == TARIQS_KEY


def test_a_second_stations_key_comes_to_everyone(sample: Clinic) -> None:
    after = keys.add_secret(sample.noor, "station:two", b"\x58" * 32)
    assert opened(after.ring, TARIQ, TARIQ_SAYS)["station:two"] == b"\x58" * 32


def test_keys_kept_before_there_were_accounts_come_to_their_authors() -> None:
    begun = {"database": DATABASE_KEY, NOORS: NOORS_KEY, TARIQS: TARIQS_KEY}
    noor, code = keys.new_ring(CLINIC, begun, NOOR, "Noor Sample", NOOR_SAYS, authors={TARIQS: TARIQ})
    assert TARIQS not in noor.secrets
    assert TARIQS not in opened(noor.ring, NOOR, NOOR_SAYS)
    after = keys.add(keys.recover(noor.ring, code), TARIQ, "Tariq Sample", TARIQ_SAYS)
    assert opened(after.ring, TARIQ, TARIQ_SAYS)[TARIQS] == TARIQS_KEY


def test_what_the_program_may_not_do_is_a_fault_of_the_program(sample: Clinic) -> None:
    recovered = keys.recover(sample.ring, sample.code)
    for fault in (
        lambda: keys.new_ring(CLINIC, {"station:one": STATION_KEY}, NOOR, "Noor", NOOR_SAYS),
        lambda: keys.new_ring(CLINIC, {"database": b"short"}, NOOR, "Noor", NOOR_SAYS),
        lambda: keys.add_secret(sample.noor, "database", b"\x58" * 32),
        lambda: keys.add_secret(sample.noor, "something", b"\x58" * 32),
        lambda: keys.add_secret(recovered, "private:new", b"\x58" * 32),
        lambda: keys.add(sample.noor, RECOVERY, "Someone New", NEXT),
        lambda: keys.remove(sample.noor, RECOVERY, NEW_DATABASE_KEY),
        lambda: keys.rekey(sample.noor, DATABASE_KEY),
    ):
        with pytest.raises(ValueError, match=r"."):
            fault()


def test_the_same_secret_is_never_sealed_alike(sample: Clinic) -> None:
    seals = [seal for secret in sample.ring.secrets.values() for seal in secret.seals.values()]
    again = keys.add(sample.noor, "person-new", "Someone New", NEXT).ring.secrets["database"].seals["person-new"]
    assert len({*seals, again}) == len(seals) + 1


def test_two_desks_that_change_the_same_ring_do_not_mix_their_keys(sample: Clinic) -> None:
    one, other = keys.rekey(sample.noor, b"\x01" * 32), keys.rekey(sample.noor, b"\x02" * 32)
    with pytest.raises(keys.Changed):
        keys.unlock(replace(one.ring, secrets=other.ring.secrets), NOOR, NOOR_SAYS)
