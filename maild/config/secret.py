"""Secrets by reference: the configuration names where a secret is kept, never the secret."""

import os
import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from maild.config.types import FilePath


class SecretRef(BaseModel):
    """`{ env = "NAME" }`, `{ file = "path" }` or `{ credential = "name" }` (systemd's LoadCredential=)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    env: str | None = None
    file: FilePath | None = None
    credential: str | None = None

    @field_validator("env")
    @classmethod
    def _named_like_a_variable(cls, value: str | None) -> str | None:
        if value is None or re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
            return value
        raise ValueError('the name of an environment variable such as "MAILD_IMAP_PASSWORD", not its value')

    @field_validator("credential")
    @classmethod
    def _named_like_a_file(cls, value: str | None) -> str | None:
        if value is None or re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", value):
            return value
        raise ValueError('the name of a systemd credential such as "imap-password", as LoadCredential= gives it')

    @model_validator(mode="after")
    def _exactly_one(self) -> "SecretRef":
        if sum(value is not None for value in (self.env, self.file, self.credential)) != 1:
            raise ValueError("exactly one of env, file, credential")
        return self

    def __str__(self) -> str:
        if self.env is not None:
            return f"environment variable {self.env}"
        if self.file is not None:
            return f"file {self.file}"
        return f"systemd credential {self.credential}"

    def read(self) -> str:
        """Return the secret without a trailing line end. Raises LookupError with a message that says what to do."""
        secret = os.environ.get(self.env) if self.env is not None else self._read_file()
        if secret is None:
            raise LookupError(f"the {self} is not set: set it for the maild process")
        if not secret:
            raise LookupError(f"the {self} is empty: put the secret into it")
        return secret

    def _read_file(self) -> str:
        if self.file is not None:
            path = self.file
        else:
            directory = os.environ.get("CREDENTIALS_DIRECTORY")
            if directory is None:
                raise LookupError(
                    f"the {self} cannot be read, because CREDENTIALS_DIRECTORY is not set: "
                    "start maild from a systemd unit with LoadCredential="
                )
            path = Path(directory) / str(self.credential)
        try:
            return path.read_text("utf-8").rstrip("\r\n")
        except FileNotFoundError:
            raise LookupError(f"the {self} does not exist: create it, holding nothing but the secret") from None
        except UnicodeDecodeError:
            raise LookupError(f"the {self} is not UTF-8 text: save it again as UTF-8") from None
        except OSError as error:
            raise LookupError(f"the {self} cannot be read ({error.strerror}): let the maild user read it") from error
