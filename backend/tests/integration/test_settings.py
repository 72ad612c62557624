"""Settings: every wrong one is refused by its key, secrets come from files, nothing is silently without effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from sluice.settings import Settings, SettingsError


def refused(**env: str) -> SettingsError:
    with pytest.raises(SettingsError) as raised:
        Settings.load(env)
    return raised.value


def test_defaults() -> None:
    settings = Settings.load({})
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 8000, Path("data").absolute())
    assert settings.max_upload_bytes == 500 * 1024 * 1024
    assert (settings.database_url, settings.admin_token, settings.root_path) == (None, None, "")


def test_every_field_is_a_variable_and_flags_go_first() -> None:
    env = {
        "SLUICE_PORT": "0",
        "SLUICE_MAX_UPLOAD_BYTES": "1.5GB",
        "SLUICE_MAX_SCRIPT_BYTES": "2000",
        "SLUICE_ROOT_PATH": "/ml/",
        "SLUICE_TRUSTED_PROXIES": " 10.0.0.0/8, ::1,",
        "SLUICE_LOG_FORMAT": "json",
        "SLUICE_DATABASE_URL": "",
        "SLUICE_URL": "http://elsewhere",
        "SLUICE_TOKEN": "x",
        "OTHER": "x",
    }
    settings = Settings.load(env, port="9", host=None)
    assert (settings.port, settings.host) == (9, "127.0.0.1")
    assert (settings.max_upload_bytes, settings.max_script_bytes) == (1_500_000_000, 2_000)
    assert (settings.root_path, settings.trusted_proxies) == ("/ml", ("10.0.0.0/8", "::1"))
    assert settings.database_url is None


@pytest.mark.parametrize(
    ("text", "network"),
    [("off", "off"), ("open", "open"), ("false", "off"), ("True", "open"), ("1", "open"), ("0", "off"),
     ("443", (443,)), ("5432, 443,443", (443, 5432))],
)  # fmt: skip
def test_the_network_was_a_switch_once(text: str, network: object) -> None:
    assert Settings.load({"SLUICE_NETWORK": text}).network == network


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("SLUICE_HOST", " "),
        ("SLUICE_PORT", "http"),
        ("SLUICE_PORT", "65536"),
        ("SLUICE_PORT", "-1"),
        ("SLUICE_DATABASE_URL", "mysql://x"),
        ("SLUICE_ROOT_PATH", "ml"),
        ("SLUICE_ROOT_PATH", "/a b"),
        ("SLUICE_ROOT_PATH", '/"><script>'),
        ("SLUICE_ROOT_PATH", "/api"),
        ("SLUICE_ROOT_PATH", "/health/x"),
        ("SLUICE_TRUSTED_PROXIES", "*"),
        ("SLUICE_NETWORK", "closed"),
        ("SLUICE_NETWORK", "443,https"),
        ("SLUICE_NETWORK", "70000"),
        ("SLUICE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("SLUICE_ADMIN_TOKEN", "short"),
        ("SLUICE_ADMIN_TOKEN", "with a space in the middle"),
        ("SLUICE_METRICS_TOKEN", "short"),
        ("SLUICE_OTLP_ENDPOINT", "collector:4318"),
        ("SLUICE_ROOT_PATH", "/metrics"),
        ("SLUICE_MAX_UPLOAD_BYTES", "lots"),
        ("SLUICE_MAX_UPLOAD_BYTES", "0"),
        ("SLUICE_MAX_BODY_BYTES", "-5"),
        ("SLUICE_WORKERS", "-1"),
        ("SLUICE_WORKERS", "1.5"),
        ("SLUICE_DEADLINE_S", "0"),
        ("SLUICE_DEADLINE_S", "inf"),
        ("SLUICE_DEADLINE_S", "nan"),
        ("SLUICE_QUEUE_CALLS", "0"),
        ("SLUICE_INSPECT_MEMORY_MB", "1"),
        ("SLUICE_PACKAGE_INDEX", "ftp://me:hush@here/"),
        ("SLUICE_PACKAGE_INDEX", "nowhere"),
        ("SLUICE_PACKAGE_PROXY", "none"),
        ("SLUICE_PACKAGE_FOLDER", "/not/there"),
        ("SLUICE_PACKAGE_CA", "/not/there.pem"),
        ("SLUICE_PACKAGE_TIMEOUT_S", "0"),
        ("SLUICE_ENVIRONMENTS", "perhaps"),
        ("SLUICE_LOG_LEVEL", "loud"),
        ("SLUICE_LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_told_by_its_key_on_one_line(key: str, value: str) -> None:
    error = refused(**{key: value})
    assert error.key == key
    assert str(error).startswith(f"{key}: ") and "\n" not in str(error)
    if key in ("SLUICE_ADMIN_TOKEN", "SLUICE_PACKAGE_INDEX"):
        assert value not in str(error)


def test_a_scrape_token_is_nobody_elses() -> None:
    error = refused(SLUICE_ADMIN_TOKEN="x" * 20, SLUICE_METRICS_TOKEN="x" * 20)
    assert error.key == "SLUICE_METRICS_TOKEN" and "x" * 20 not in str(error)


def test_opentelemetrys_own_name_of_the_collector_counts_too() -> None:
    theirs = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://theirs:4318"}
    assert Settings.load({}).otlp_endpoint is None
    assert Settings.load(theirs).otlp_endpoint == "http://theirs:4318"
    assert Settings.load({**theirs, "SLUICE_OTLP_ENDPOINT": "http://ours:4318"}).otlp_endpoint == "http://ours:4318"


def test_a_variable_that_isnt_a_setting() -> None:
    assert "did you mean SLUICE_DATA_DIR?" in str(refused(SLUICE_DATADIR="x"))
    assert str(refused(SLUICE_ZZZ="x")) == "SLUICE_ZZZ: isn't a setting"
    assert refused(SLUICE_PORT_FILE="/tmp/x").key == "SLUICE_PORT_FILE"


def test_secrets_from_files(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("a-secret-of-my-own-choice\n")
    assert Settings.load({"SLUICE_ADMIN_TOKEN_FILE": str(file)}).admin_token == "a-secret-of-my-own-choice"
    both = refused(SLUICE_ADMIN_TOKEN_FILE=str(file), SLUICE_ADMIN_TOKEN="another-one-that-is-long")
    assert both.key == "SLUICE_ADMIN_TOKEN_FILE"
    assert "No such file" in str(refused(SLUICE_DATABASE_URL_FILE=str(tmp_path / "none")))
    file.write_bytes(b"\xff")
    assert refused(SLUICE_ADMIN_TOKEN_FILE=str(file)).key == "SLUICE_ADMIN_TOKEN_FILE"
    file.write_text("short")
    assert "short" not in str(refused(SLUICE_ADMIN_TOKEN_FILE=str(file))).replace("shorter", "")
