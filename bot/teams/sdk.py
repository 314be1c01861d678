"""Import Microsoft's SDK for Teams only where it is needed, without its side effects.

Importing it takes most of a second, and it would read any ``.env`` of the working directory into
the environment of the whole process. Lantern's settings come only from the operator.
"""

from __future__ import annotations

import importlib
import logging
import threading
import warnings
from typing import Any

_LOCK = threading.Lock()

# Its warnings and errors quote activities, and with them what people typed. The endpoint logs
# what matters of them.
logging.getLogger("microsoft_teams").setLevel(logging.CRITICAL)


def load_sdk() -> Any:
    """Import the SDK ``microsoft_teams.apps`` without letting it read a ``.env`` or warn."""
    import dotenv

    with _LOCK:
        kept = dotenv.load_dotenv
        dotenv.load_dotenv = lambda *_, **__: False
        try:
            # It uses previews of its own while it is imported, and warns of them.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return importlib.import_module("microsoft_teams.apps")
        finally:
            dotenv.load_dotenv = kept
