"""Settings are data: name, type, default, one line of help; read once from the environment."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class WrongSetting(Exception):
    """A setting cannot be used; the message names it and says what would do."""


@dataclass(frozen=True)
class Setting:
    """One setting: its environment variable is `REGULARS_` + the name in capitals."""

    name: str
    kind: type
    default: str
    help: str
    is_secret: bool = False

    @property
    def variable(self) -> str:
        return f"REGULARS_{self.name.upper()}"


SETTINGS = (
    Setting(
        "home",
        Path,
        "",
        "Folder for database, models, keys and mail files; empty: a folder in the user's data directory.",
    ),
    Setting(
        "database_url",
        str,
        "",
        "SQLAlchemy URL (sqlite:///… or postgresql+psycopg://…); empty: regulars.db in the home.",
    ),
    Setting(
        "redis_url",
        str,
        "",
        "Redis or Valkey for workers in processes of their own; empty: everything runs in one process.",
    ),
    Setting("base_url", str, "http://127.0.0.1:8000", "Where browsers and mail reach this service."),
    Setting(
        "secret_key",
        str,
        "",
        "Encrypts stores' secret keys and signs sessions; empty: made once and kept in the home.",
        True,
    ),
    Setting(
        "smtp_url", str, "", "smtp://user:password@host:port, file:///folder or null:; empty: files in the home.", True
    ),
    Setting("mail_from", str, "orders@localhost", "Sender address of order news."),
    Setting("log_level", str, "info", "debug, info, warning or error."),
    Setting("exploration", float, "0.02", "Share of recommendation answers that are shuffled with known odds, 0 to 1."),
)


@dataclass(frozen=True)
class Settings:
    """Every setting, read and checked."""

    home: Path
    database_url: str
    redis_url: str
    base_url: str
    secret_key: str
    smtp_url: str
    mail_from: str
    log_level: str
    exploration: float

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        return self.home / "models"


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check every setting; raises WrongSetting with one sentence that names the variable."""
    source = os.environ if environment is None else environment
    values: dict[str, object] = {
        setting.name: _read(setting, source.get(setting.variable, setting.default)) for setting in SETTINGS
    }
    home = Path(str(values["home"])) if str(values["home"]) not in ("", ".") else _default_home(source)
    values["home"] = home
    values["database_url"] = values["database_url"] or f"sqlite:///{home / 'regulars.db'}"
    values["secret_key"] = values["secret_key"] or _kept_secret(home)
    values["smtp_url"] = values["smtp_url"] or f"file://{home / 'mail'}"
    settings = Settings(**values)  # type: ignore[arg-type]
    _check(settings)
    return settings


def without_password(value: str) -> str:
    """The value with the password of a URL left out, for printing."""
    parts = urlsplit(value) if "://" in value else None
    if parts is None or "@" not in parts.netloc:
        return value
    login, _, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{login.partition(':')[0]}:***@{place}").geturl()


def _read(setting: Setting, text: str) -> object:
    try:
        if setting.kind is bool:
            return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[text.lower()]
        return setting.kind(text)
    except (ValueError, KeyError):
        expected = {bool: "yes or no", float: "a number", int: "a whole number"}.get(setting.kind, "text")
        raise WrongSetting(f"{setting.variable} is “{text}”; it must be {expected}.") from None


def _default_home(source: Mapping[str, str]) -> Path:
    data = source.get("XDG_DATA_HOME") or str(Path(source.get("HOME", "~")).expanduser() / ".local" / "share")
    return Path(data) / "regulars"


def _kept_secret(home: Path) -> str:
    """The key made on the first start; kept in a file that only its owner may read."""
    path = home / "secret.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        # Written beside and linked whole, so that of two first starts at once both use the one that was there first.
        with tempfile.NamedTemporaryFile("w", dir=home) as file:
            file.write(os.urandom(32).hex())
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text().strip()


def _check(settings: Settings) -> None:
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise WrongSetting("REGULARS_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    if settings.redis_url and settings.database_url.startswith("sqlite"):
        raise WrongSetting(
            "REGULARS_REDIS_URL needs PostgreSQL: with SQLite everything runs in one process, so leave it empty."
        )
    if urlsplit(settings.base_url).scheme not in ("http", "https"):
        raise WrongSetting("REGULARS_BASE_URL must begin with http:// or https://.")
    if urlsplit(settings.smtp_url).scheme not in ("smtp", "smtps", "file", "null"):
        raise WrongSetting("REGULARS_SMTP_URL must begin with smtp://, smtps://, file:// or be null:.")
    if len(settings.secret_key) < 32:
        raise WrongSetting("REGULARS_SECRET_KEY is too short; use at least 32 characters.")
    if not 0 <= settings.exploration <= 1:
        raise WrongSetting("REGULARS_EXPLORATION must lie between 0 and 1.")
    if settings.log_level not in ("debug", "info", "warning", "error"):
        raise WrongSetting("REGULARS_LOG_LEVEL must be debug, info, warning or error.")
