"""What goes wrong by a bug: its trace in the log file, one plain line on screen, and the session goes on."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from kapdesk.errors import KnownError

log = logging.getLogger(__name__)

PLAIN = "Something in KapDesk went wrong. What was saved is safe and the session goes on; the log file has the trace."
BUG = "This did not work, by a fault in KapDesk. What was saved is safe; the log file has the trace. Try once more."
_FILE_BYTES, _FILES = 1_000_000, 5
_SAFE = (AttributeError, ImportError, NameError, NotImplementedError, RecursionError, RuntimeError, TypeError)
"""Errors whose message speaks of code. Any other's may quote what was typed, and is left out of the log."""

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def sentence_of(error: BaseException) -> str:
    """An error in a plain sentence: its own where it was made for people, else that a bug was met, which is logged."""
    if isinstance(error, KnownError):
        return str(error)
    log.error("A bug", exc_info=error)
    return BUG


class Plain(logging.Formatter):
    """One line a message; of an error its kind and where it came from, never its text if that may be clinical."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have put the whole of it here
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # logging's name
        return told(*ei)


def told(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> str:
    """An error with its trace, without what a person may have typed."""
    said = str(error) if isinstance(error, _SAFE) else "(its text is left out)"
    return "".join(traceback.format_tb(trace)) + f"{kind.__module__}.{kind.__qualname__}: {said}"


def write_to(path: Path) -> bool:
    """Send the program's log to a file that is kept small. False when it cannot be written; all else works."""
    from logging.handlers import RotatingFileHandler  # here, because it loads sockets and more

    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8", delay=True)
        path.touch(mode=0o600)
    except OSError:
        return False
    handler.setFormatter(Plain("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    return True


Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


def catch(say: Callable[[str], None]) -> None:
    """Log whatever nobody caught, on every thread, and `say` one plain sentence. `say` is called on any thread."""
    hook = hook_for(say)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            hook(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = hook
    threading.excepthook = in_thread
    qInstallMessageHandler(_qt)


def hook_for(say: Callable[[str], None]) -> Hook:
    """What is done with an error that nobody caught."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("A bug", exc_info=(kind, error, trace))
        say(PLAIN)

    return hook


def _qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", message)
