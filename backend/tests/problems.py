"""The one way in which tests look at an error answer."""

from __future__ import annotations

import re
from typing import Any

import httpx2

ALWAYS = {"type", "title", "status", "code", "detail", "requestId"}
# Nothing of the server's inside: no traceback, no path of its files, no name of a class.
LEAKS = re.compile(r'Traceback|File "|/blobs/|/incoming/|/run/|site-packages|sluice\.[a-z]+\.|object at 0x')


def assert_problem(answer: httpx2.Response, status: int, code: str, **expected: Any) -> dict[str, Any]:
    """Check an error's shape and return it; `fields` names the request's fields that it blames, in order."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem.keys() >= ALWAYS
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"] == f"urn:sluice:problem:{code}"
    assert problem["title"] == code.replace("-", " ").capitalize()
    assert problem["requestId"] == answer.headers["x-request-id"]
    assert problem["detail"]
    assert not LEAKS.search(answer.text), answer.text
    assert None not in problem.values()
    assert_says_whether_to_repeat(answer)
    assert ("www-authenticate" in answer.headers) == (status == 401)
    fields = expected.pop("fields", None)
    if fields is not None:
        assert [error["field"] for error in problem["errors"]] == fields
        assert all(error["message"] for error in problem["errors"])
    assert {key: problem[key] for key in expected} == expected
    return problem


def assert_refused(path: str, answer: httpx2.Response, status: int, code: str) -> None:
    """Check what refuses a request, in the words of the API that the path belongs to."""
    if path.startswith("/v2"):
        assert_oip_error(answer, status)
    elif path.startswith("/service/zementis/onnx"):
        assert_mle_error(answer, status)
    else:
        assert_problem(answer, status, code)


def assert_mle_error(answer: httpx2.Response, status: int) -> None:
    """Check the shape of an error of the drop-in API."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == (["error", "message", "info"] if status == 401 else ["errors"])
    assert all(len(said) == 1 and said[0] for said in [answer.json().get("errors", ["once"])])
    assert not LEAKS.search(answer.text), answer.text
    assert_says_whether_to_repeat(answer)
    assert ("www-authenticate" in answer.headers) == (status == 401)


def assert_oip_error(answer: httpx2.Response, status: int, words: str = "") -> str:
    """Check the shape of an error of the Open Inference Protocol and return what it says."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.json().keys() == {"error"}
    said: str = answer.json()["error"]
    assert words in said and said
    assert not LEAKS.search(said), said
    assert_says_whether_to_repeat(answer)
    assert ("www-authenticate" in answer.headers) == (status == 401)
    return said


def assert_says_whether_to_repeat(answer: httpx2.Response) -> None:
    """Check the headers of an error that tell whether, and when, to send the same again; they are those of all APIs."""
    says, status = answer.headers["sluice-retry"], answer.status_code
    # In the drop-in API, 500 is what is in use, too.
    expected = {429: {"safe"}, 500: {"ran", "no"}, 503: {"safe", "ran"}, 504: {"safe", "ran"}}
    assert says in expected.get(status, {"no"})
    assert ("retry-after" in answer.headers) == (status in (429, 503))
