"""The secrets of a site in development: made once, kept in a file of the instance folder."""

import base64
import json
import os
import secrets
from pathlib import Path


def read_or_make(path: Path) -> dict[str, str]:
    """By their names in Config. Raises OSError, or ValueError where the file is not what was written."""
    if not path.exists():
        _make(path)
    found = json.loads(path.read_text())
    if not isinstance(found, dict) or set(found) != {"secret_key", "identity_keys", "identity_hash_key"}:
        raise ValueError("not what was written")
    return found


def _make(path: Path) -> None:
    made = {
        "secret_key": secrets.token_hex(32),
        "identity_keys": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "identity_hash_key": secrets.token_hex(32),
    }
    draft = path.with_name(f"secrets.{secrets.token_hex(4)}.tmp")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file)
    try:
        os.link(draft, path)  # Fails where another process was first; a rename would overwrite its keys.
    except FileExistsError:
        pass
    finally:
        draft.unlink()
