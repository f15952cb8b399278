"""What is half-typed in a session's editors, kept safe while it is typed."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from kapdesk.facts.session import NoteTaken
from kapdesk.session.state import Session

if TYPE_CHECKING:
    from kapdesk.store.drafts import Draft, Drafts

SOON_MS = 900
"""The first key waits so long at most before the draft goes to the disk; two seconds are promised."""


class HalfTyped(QObject):
    """The notes of one session on their way: the one being typed, with the time of its first key, and those found.

    Those found were half-typed, or not on the disk yet, when KapDesk last stopped.
    """

    def __init__(self, session: str, drafts: "Drafts", now_us: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._prefix, self._drafts, self._now_us = f"note:{session}:", drafts, now_us
        self._text, self._on_disk = "", False
        self._found: list[Draft] = []
        self.first_key_us: int | None = None
        self.bring_back: Callable[[str], None] = lambda text: None
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.keep)

    def restore(self, drafts: "Iterable[Draft]", session: Session) -> None:
        """Take up what was half-typed when KapDesk last stopped; what is recorded by now is dropped."""
        there = {(h.at_us, h.fact.text) for h in session.history if isinstance(h.fact, NoteTaken)}
        for draft in drafts:
            if not draft.key.startswith(self._prefix):
                continue
            if (draft.first_key_us, draft.text.strip()) in there:
                self._drafts.drop(draft.key)
            else:
                self._found.append(draft)

    def offer(self) -> None:
        """Put the next draft found into the empty line."""
        if self._found and not self._text:
            draft = self._found.pop(0)
            self.first_key_us = draft.first_key_us
            self._on_disk = True
            self.bring_back(draft.text)

    def begin(self) -> None:
        """The first key of a note; one that was brought back keeps its own time."""
        if self.first_key_us is None:
            self.first_key_us = self._now_us()

    def type(self, text: str) -> None:
        """What stands in the line now."""
        self._text = text
        if text and not self._soon.isActive():
            self._soon.start()
        elif not text:
            self._soon.stop()
            if self.first_key_us is not None and self._on_disk:
                self._drafts.drop(self._key())
            self.first_key_us, self._on_disk = None, False

    def keep(self) -> None:
        """Put it on the disk now."""
        from kapdesk.store.drafts import Draft

        if self._text and self.first_key_us is not None:
            self._on_disk = True
            self._drafts.keep(Draft(self._key(), self._text, self.first_key_us))

    def hand_over(self) -> str:
        """The note goes into the record: gives the key of its draft, to be dropped when it is there."""
        self.keep()
        key = self._key()
        self._soon.stop()
        self._text, self.first_key_us, self._on_disk = "", None, False
        return key

    def stop(self) -> None:
        """Nothing more goes to the disk: the clinic is about to be closed."""
        self._soon.stop()

    def _key(self) -> str:
        return f"{self._prefix}{self.first_key_us}"


class Editors(QObject):
    """The other editors of one session, patient or protocol (`of`), by name: what is typed in them is on the disk
    within two seconds."""

    def __init__(
        self, of: str, drafts: "Drafts", now_us: Callable[[], int], found: "Iterable[Draft]", parent: QObject
    ) -> None:
        super().__init__(parent)
        self._prefix, self._drafts, self._now_us = f"text:{of}:", drafts, now_us
        self._changed: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._found = {
            draft.key.removeprefix(self._prefix): draft.text for draft in found if draft.key.startswith(self._prefix)
        }
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.keep)

    def found(self, name: str) -> str:
        """What was half-typed there when KapDesk last stopped, once; empty for nothing."""
        return self._found.pop(name, "")

    def half(self, name: str) -> str:
        """What is half-typed there, for a page that shows one after the other; empty for nothing."""
        return self._texts.setdefault(name, self.found(name))

    def type(self, name: str, text: str) -> None:
        """What stands in an editor now; nothing drops its draft."""
        self._changed[name] = self._texts[name] = text
        if not self._soon.isActive():
            self._soon.start()

    def keep(self) -> None:
        """Put what has changed on the disk now."""
        from kapdesk.store.drafts import Draft

        for name, text in self._changed.items():
            self._drafts.keep(Draft(self._prefix + name, text, self._now_us()))
        self._changed.clear()

    def drop(self, name: str, recorded: str) -> None:
        """What was typed there is on the record; what has been typed on since stays."""
        if self._texts.get(name, recorded).strip() != recorded:
            return
        self.forget(name)

    def forget(self, name: str) -> None:
        """What was typed there was recorded or given up."""
        self._changed.pop(name, None)
        self._texts.pop(name, None)
        self._drafts.drop(self._prefix + name)

    def drop_all(self, place: str, recorded: Iterable[tuple[str, str]]) -> None:
        """What was typed in the editors of one place, each with its text, is on the record."""
        for name, text in recorded:
            self.drop(f"{place} {name}", text)

    def stop(self) -> None:
        """Nothing more goes to the disk: the clinic is about to be closed."""
        self._soon.stop()
