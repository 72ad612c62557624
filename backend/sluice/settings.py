"""All settings, checked at start; nothing else in the package reads the environment.

Every field is set by `SLUICE_` and its name in capitals, `port` by `SLUICE_PORT`. A secret can stand in a file instead,
whose path is in `SLUICE_<NAME>_FILE`. A variable that isn't a setting is refused rather than silently without effect.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ByteSize, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from sluice.access.oidc.origin import is_trustworthy
from sluice.entities import Network

PREFIX = "SLUICE_"
SECRETS = frozenset(
    {
        "admin_token",
        "database_url",
        "metrics_token",
        "oidc_client_secret",
        "package_index",
        "package_proxy",
        "secret_key",
    }
)
"""The fields that may stand in a file."""

CLIENT_KEYS = frozenset({"SLUICE_URL", "SLUICE_TOKEN"})
"""What the commands that call a running server read; the server itself leaves them alone."""

OTLP_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""OpenTelemetry's own name of a setting."""

_ROOT_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_OWN_SEGMENTS = frozenset(
    {
        "api",
        "assets",
        "health",
        "healthz",
        "livez",
        "metrics",
        "readyz",
        "service",
        "v2",
    }
)
_LEAST_OF_A_KEY = 32
_HOST = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?|[0-9a-f:]+")
_MIB = 1024 * 1024
# `network` was a switch before it was more.
_SWITCHES = {
    **dict.fromkeys(("off", "false", "no", "f", "n", "0"), "off"),
    **dict.fromkeys(("open", "true", "yes", "on", "t", "y", "1"), "open"),
}

Size = Annotated[ByteSize, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class SettingsError(Exception):
    """A setting can't be used; `key` is the environment variable to look at."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key
        self.message = message


class Settings(BaseModel):
    """What an operator can set, with its defaults. Sizes take units: `500MB`, `1GiB`."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    host: str = Field("127.0.0.1", pattern=r"^\S+$", description="Address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    data_dir: Path = Field(Path("data"), description="Folder for the database and all files")
    database_url: str | None = Field(
        None, description="PostgreSQL instead of SQLite in the data folder: postgres://..."
    )
    root_path: str = Field("", description="Path prefix under which a proxy serves Sluice, such as /ml")
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Addresses or networks, by comma, whose X-Forwarded-For and -Proto are believed"
    )
    allowed_hosts: tuple[str, ...] = Field(
        (),
        description="Names, by comma, by which it is reached beside localhost and addresses: ml.example.com, *.lan",
    )
    tls_cert: Path | None = Field(None, description="Certificate (PEM, with its chain) for HTTPS instead of HTTP")
    tls_key: Path | None = Field(None, description="Key (PEM, without a password) of the certificate")
    no_auth: bool = Field(False, description="Ask nobody who they are; on a loopback address only")
    admin_token: str | None = Field(None, description="An API token of role ADMIN, at least 20 characters")
    metrics_token: str | None = Field(
        None, description="A token that may read /metrics and nothing else, at least 20 characters"
    )
    secret_key: str | None = Field(
        None,
        description="Keys, by comma, for pipelines' secrets: the first seals, each opens. Without it the data folder's "
        "secret.key",
    )
    max_upload_bytes: Size = Field(ByteSize(500 * _MIB), description="Largest upload")
    max_body_bytes: Size = Field(ByteSize(500 * _MIB), description="Largest body of a prediction")
    max_script_bytes: Size = Field(ByteSize(_MIB), description="Largest Python file")
    workers: int = Field(
        0, ge=0, le=1024, description="Worker processes for each pipeline; 0 is as many as fit the cores"
    )
    intra_op_threads: int = Field(1, ge=1, le=256, description="Threads that a model may use for one prediction")
    deadline_s: Seconds = Field(30.0, description="Seconds that a prediction may take, waiting included")
    queue_calls: int = Field(256, ge=1, description="Predictions that may wait for each pipeline")
    queue_bytes: Size = Field(ByteSize(1024 * _MIB), description="Bytes that waiting and arriving predictions may hold")
    max_connections: int = Field(
        4096, ge=1, description="Connections at a time; fewer where the limit of open files leaves no room"
    )
    max_connections_per_address: int = Field(
        1024, ge=1, description="Connections at a time from one address; those of trusted proxies don't count"
    )
    rate_limit: float = Field(
        0.0, ge=0, allow_inf_nan=False, description="Predictions a second that one caller may make; 0 is no limit"
    )
    inspect_timeout_s: Seconds = Field(120.0, description="Seconds that checking an upload may take")
    inspect_memory_mb: int = Field(4096, ge=256, description="Memory in MiB that checking an upload may take")
    start_timeout_s: Seconds = Field(60.0, description="Seconds that a worker may take to load its parts")
    idle_s: float = Field(
        600.0, ge=0, allow_inf_nan=False, description="Seconds without a call after which workers end; 0 is never"
    )
    recycle_calls: int = Field(0, ge=0, description="Predictions after which a worker is replaced; 0 is never")
    recycle_growth_mb: int = Field(
        256, ge=0, description="Growth of memory in MiB after which a worker is replaced; 0 is never"
    )
    max_answer_bytes: Size = Field(ByteSize(512 * _MIB), description="Largest answer of a prediction")
    sandbox: Literal["require", "auto", "off"] = Field(
        "auto", description="Confine scripts by what the kernel has; require refuses to start with less than everything"
    )
    worker_uid: int = Field(
        64888, ge=0, lt=2**32 - 1, description="User that workers run as where the server is root; 0 stays root"
    )
    memory_mb: int = Field(1024, ge=16, description="Memory in MiB that a worker may take beside the loaded model")
    scratch_mb: int = Field(64, ge=0, description="MiB that a worker's temporary folder may hold; 0 is no folder")
    network: Network = Field(
        "off", description="What scripts may connect to: off, open (TCP and UDP), or TCP ports by comma: 443,5432"
    )
    threads: int = Field(64, ge=1, description="Threads that a worker may have")
    environments: bool = Field(
        True, description="Whether packages that scripts name in a header are installed for them"
    )
    package_index: str | None = Field(
        None, description="Package index instead of PyPI: https://...; none takes packages from the folder alone"
    )
    package_folder: Path | None = Field(None, description="Folder of wheels that packages are looked for in first")
    package_ca: Path | None = Field(
        None, description="Certificates (PEM) that the package index is checked by, instead of the system's"
    )
    package_proxy: str | None = Field(None, description="Proxy to the package index: http://...")
    package_timeout_s: Seconds = Field(600.0, description="Seconds that one step of installing packages may take")
    package_cache_bytes: Size = Field(
        ByteSize(4096 * _MIB), description="Bytes of packages beyond which those that nobody needs are removed"
    )
    statistics_days: int = Field(
        30, ge=7, le=3660, description="Days that statistics and failures of predictions are kept"
    )
    kept_input_bytes: Annotated[ByteSize, Field(gt=0, le=16 * _MIB)] = Field(
        ByteSize(_MIB), description="Largest input of a failed prediction that is kept, where a pipeline has them kept"
    )
    kept_inputs_bytes: Size = Field(
        ByteSize(8 * _MIB), description="Bytes of kept inputs of one pipeline; beyond them the oldest go"
    )
    kept_inputs_days: int = Field(7, ge=1, le=3660, description="Days that inputs are kept")
    audit_days: int = Field(365, ge=1, le=36600, description="Days that entries of the audit log are kept")
    audit_entries: int = Field(
        200_000,
        ge=1000,
        description="Most entries of the audit log; the oldest go first, a tenth is for failed sign-ins",
    )
    otlp_endpoint: str | None = Field(
        None,
        description="Address of an OpenTelemetry collector that traces are sent to: http://collector:4318; "
        "OTEL_EXPORTER_OTLP_ENDPOINT counts too",
    )
    oidc_issuer: str | None = Field(
        None, description="OpenID Connect provider that people sign in by: https://...; needs the extra oidc"
    )
    oidc_client_id: str | None = Field(None, description="Id of this server at the provider")
    oidc_client_secret: str | None = Field(None, description="Its secret there; none for a public client")
    oidc_title: str = Field("single sign-on", min_length=1, max_length=60, description="What the page calls it")
    oidc_scopes: str = Field(
        "openid profile email", pattern=r"^openid( \S+)*$", description="What is asked of the provider"
    )
    oidc_name_claim: str = Field("", description="Claim with a person's name; the usual ones if empty")
    oidc_role_claim: str = Field(
        "roles", min_length=1, description="Claim with a person's roles or groups, such as realm_access.roles"
    )
    oidc_admin: tuple[str, ...] = Field((), description="Values of it, by comma; who has one is an administrator")
    oidc_read: tuple[str, ...] = Field(
        (), description="Values of it, by comma; who has one may look and predict. Nobody else gets in"
    )
    oidc_session_hours: float = Field(
        12.0, gt=0, le=720, allow_inf_nan=False, description="Hours after which one has to sign in there again"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe lines to log")
    log_format: Literal["text", "json"] = Field("text", description="How a log line is written")

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("package_folder", "package_ca", "tls_cert", "tls_key")
    @classmethod
    def _found(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        value = value.expanduser().absolute()
        if not value.exists():
            raise ValueError("isn't there")
        return value

    @field_validator("otlp_endpoint", "package_index", "package_proxy")
    @classmethod
    def _url(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value == "none" and info.field_name == "package_index":
            return value
        if value is not None and not re.match(r"https?://[^\s/]", value):
            raise ValueError("must start with https:// or http://")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _trustworthy(cls, value: str | None) -> str | None:
        if value is not None and (not is_trustworthy(value) or "?" in value):
            raise ValueError("must be an address that begins with https:// (http:// on this machine only)")
        return value

    @field_validator("oidc_client_id")
    @classmethod
    def _known_there(cls, value: str | None, info: ValidationInfo) -> str | None:
        if (value is None) != (info.data.get("oidc_issuer") is None):
            raise ValueError("is needed together with SLUICE_OIDC_ISSUER, and only then")
        return value

    @field_validator("oidc_admin", "oidc_read", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        return tuple(part for part in parts if part)

    @field_validator("oidc_read")
    @classmethod
    def _lets_somebody_in(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if info.data.get("oidc_issuer") and not value and not info.data.get("oidc_admin"):
            raise ValueError("nobody could sign in: set SLUICE_OIDC_ADMIN or SLUICE_OIDC_READ to roles of the provider")
        return value

    @field_validator("database_url")
    @classmethod
    def _supported_database(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"(postgres|postgresql|asyncpg|sqlite)://", value):
            raise ValueError("must start with postgres:// (without it SQLite in the data folder is used)")
        return value

    @field_validator("root_path")
    @classmethod
    def _clean_prefix(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and not _ROOT_PATH.fullmatch(value):
            raise ValueError("must be a path such as /ml, of letters, digits and . _ ~ -")
        if value and value.split("/")[1] in _OWN_SEGMENTS:
            raise ValueError(f"can't start with /{value.split('/')[1]}, which is a path of Sluice itself")
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        parts = tuple(part for part in parts if part)
        for part in parts:
            try:
                ipaddress.ip_network(part)
            except ValueError as error:
                raise ValueError(f"'{part}' is no address or network such as 10.0.0.0/8: {error}") from None
        return parts

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        parts = tuple(part.strip().lower() for part in parts if part.strip())
        for part in parts:
            if part != "*" and not _HOST.fullmatch(part):
                raise ValueError(
                    f"'{part}' is no name such as ml.example.com or *.example.com, without port and https://"
                )
        return parts

    @field_validator("tls_key")
    @classmethod
    def _of_a_certificate(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and info.data.get("tls_cert") is None:
            raise ValueError("needs SLUICE_TLS_CERT")
        return value

    @field_validator("no_auth")
    @classmethod
    def _only_here(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not is_loopback(info.data.get("host", "")):
            raise ValueError("is possible on a loopback address only, such as SLUICE_HOST 127.0.0.1")
        if value and info.data.get("trusted_proxies"):
            raise ValueError("isn't possible behind a proxy (SLUICE_TRUSTED_PROXIES), where others reach it")
        if value and "*" in info.data.get("allowed_hosts", ()):
            raise ValueError("isn't possible with SLUICE_ALLOWED_HOSTS *: any page's own name could lead here")
        return value

    @field_validator("network", mode="before")
    @classmethod
    def _network(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.lower() in _SWITCHES:
            return _SWITCHES[value.lower()]
        try:
            ports = tuple(sorted({int(part) for part in value.split(",")}))
        except ValueError:
            ports = ()
        if not ports or not all(1 <= port <= 65535 for port in ports):
            raise ValueError("should be off, open, or TCP ports from 1 to 65535 by comma")
        return ports

    @field_validator("admin_token", "metrics_token")
    @classmethod
    def _long_enough(cls, value: str | None) -> str | None:
        if value is not None and (len(value) < 20 or not re.fullmatch(r"[\x21-\x7e]+", value)):
            raise ValueError("must have at least 20 characters, printable ASCII without spaces")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _its_own(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and value == info.data.get("admin_token"):
            raise ValueError("is the same as SLUICE_ADMIN_TOKEN; make another one")
        return value

    @field_validator("secret_key")
    @classmethod
    def _keys(cls, value: str | None) -> str | None:
        for key in (value or "").split(",") if value is not None else ():
            if len(key.strip()) < _LEAST_OF_A_KEY:
                raise ValueError(
                    f"each key must have at least {_LEAST_OF_A_KEY} characters; `openssl rand -base64 32` prints one"
                )
        return value

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys of `secret_key`, the one that seals first."""
        return tuple(key.strip() for key in self.secret_key.split(",")) if self.secret_key else ()

    @classmethod
    def load(cls, env: Mapping[str, str] = os.environ, /, **overrides: Any) -> Settings:
        """Return the settings of an environment; `overrides` that aren't None go first.

        Raises:
            SettingsError: a value can't be used, or a variable isn't a setting.
        """
        values: dict[str, Any] = {}
        for key, text in env.items():
            # An empty value counts as unset: compose files pass variables on that way.
            if text and key.startswith(PREFIX) and key not in CLIENT_KEYS:
                name, value = _read(key, text, env)
                values[name] = value
        if "otlp_endpoint" not in values and (theirs := env.get(OTLP_ENDPOINT)):
            values["otlp_endpoint"] = theirs
        values.update((name, value) for name, value in overrides.items() if value is not None)
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            raise SettingsError(PREFIX + name.upper(), _told(first["msg"], values.get(name), name)) from None


def _read(key: str, text: str, env: Mapping[str, str]) -> tuple[str, str]:
    name = key.removeprefix(PREFIX).lower()
    if name in Settings.model_fields:
        return name, text
    secret = name.removesuffix("_file")
    if secret in SECRETS:
        plain = PREFIX + secret.upper()
        if env.get(plain):
            raise SettingsError(key, f"is set together with {plain}; use one of them")
        try:
            return secret, Path(text).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8"
            raise SettingsError(key, f"can't read the file '{text}': {reason}") from None
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    raise SettingsError(key, "isn't a setting" + (f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""))


def _told(reason: str, value: Any, name: str) -> str:
    text = reason.removeprefix("Value error, ").replace("Input should", "should")
    return text if name in SECRETS or value is None else f"{text} (it is '{value}')"


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
