"""Structured logs: one JSON object a line. No names, no bodies of requests: only templates, ids and figures."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

LOGGERS = ("rounds", "uvicorn", "uvicorn.error")


class JsonLines(logging.Formatter):
    """Time, level, logger, message, and what was given as ``extra={"fields": …}``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["exception"] = _without_data(record)
        return json.dumps(entry, ensure_ascii=False, default=str)


def _without_data(record: logging.LogRecord) -> list[str]:
    """Type of the exception and the places it passed: its message may hold personal data and is left out."""
    assert record.exc_info is not None
    kind, _, trace = record.exc_info
    places = [kind.__name__ if kind else "unknown"]
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places


class TextLines(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, message and fields."""
        at = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        fields = " ".join(f"{k}={v}" for k, v in getattr(record, "fields", {}).items())
        trace = "\n  ".join(["", *_without_data(record)]) if record.exc_info else ""
        return f"{at} {record.levelname.lower():7} {record.getMessage()} {fields}{trace}".rstrip()


def set_up(level: str, log_format: str) -> None:
    """Write the service's log to standard error; called when a server starts, never at import."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level.upper())
