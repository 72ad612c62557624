"""A real server, called over a socket as programs of the replaced engine called theirs.

admin       a program that may do everything, by HTTP Basic with a tenant; what it adds goes when the module ends
reader      a program that may look and score
nobody      a caller without credentials
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from mle_calls import LIMIT_BYTES, PREFIX, TOKEN
from serving import serving


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = {
        "SLUICE_ADMIN_TOKEN": TOKEN,
        "SLUICE_WORKERS": "1",
        "SLUICE_MAX_UPLOAD_BYTES": str(LIMIT_BYTES),
        "SLUICE_MAX_BODY_BYTES": str(LIMIT_BYTES),
    }
    sluice = Path(sys.executable).with_name("sluice")
    with serving(sluice, tmp_path_factory.mktemp("mle"), **settings) as url:
        yield url


@pytest.fixture(scope="module")
def read_token(url: str) -> str:
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        answer = client.post("/api/v1/tokens", json={"name": "a reader", "role": "READ"})
        secret: str = answer.json()["secret"]
        return secret


@pytest.fixture(scope="module")
def admin(url: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=url + PREFIX, auth=("t2700/ann", TOKEN), timeout=60) as client:
        yield client
        for things in ("pipelines", "models", "resources"):
            assert client.delete(f"/{things}").status_code == 200


@pytest.fixture(scope="module")
def reader(url: str, read_token: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=url + PREFIX, auth=("rita", read_token), timeout=60) as client:
        yield client


@pytest.fixture
def nobody(url: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=url + PREFIX) as client:
        yield client
