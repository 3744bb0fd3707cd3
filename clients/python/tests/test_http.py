"""Requests, retries, errors and streams, with a server in place of the API."""

from __future__ import annotations

import os
import tarfile
import tempfile
import threading
import time
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import podman_api
from fake_api import Answer, FakeApi, Received, failure, start_fake_api, success
from podman_api import Client, NotFoundError, RateLimitError, TimeoutError, UnreachableError, ValidationError, pack_directory
from podman_api._request import Request
from podman_api._streams import ServerEvent, parse_events
from podman_api.generated.errors import ERROR_CLASSES

JOB = {"id": "node_1", "status": "succeeded", "url": "/api/v1/jobs/node_1"}
CUT = Answer(None)
BUSY = failure(503, "ServiceUnavailableError", {"Retry-After": "0"})


def connect(api: FakeApi, **options: Any) -> Client:
    settings: dict[str, Any] = {"retry_timeout_seconds": 60, **options}
    return Client(api.url, token="secret-token", **settings)


def keys(api: FakeApi) -> list[str | None]:
    return [request.headers.get("Idempotency-Key") for request in api.requests]


class RequestTest(unittest.TestCase):
    def test_sends_path_query_and_token(self) -> None:
        with start_fake_api(success(containers=[], unreachable=[])) as api:
            connect(api).containers.list(label=["a=b", "c"], fresh=True)
        self.assertEqual(api.requests[0].target, "/api/v1/containers?label=a%3Db&label=c&fresh=true")
        self.assertEqual(api.requests[0].headers["Authorization"], "Bearer secret-token")

    def test_encodes_names_in_paths(self) -> None:
        with start_fake_api(success(container={})) as api:
            connect(api).containers.inspect("a/../b?c")
        self.assertEqual(api.requests[0].target, "/api/v1/containers/a%2F..%2Fb%3Fc")

    def test_submits_a_job_and_waits_for_it_as_long_as_it_takes(self) -> None:
        running = success(job={**JOB, "status": "running"})
        ended = success(job={**JOB, "result": {"exit_code": 3}})
        with start_fake_api(running, running, ended) as api:
            result = connect(api).containers.exec("box", command=("sh", "-c", "exit 3"), timeout=5)
        self.assertEqual(result, {"exit_code": 3})
        self.assertEqual(api.requests[0].body, b'{"command": ["sh", "-c", "exit 3"], "timeout": 5}')
        self.assertEqual(api.requests[0].headers["Prefer"], "respond-async")
        self.assertEqual([request.target for request in api.requests[1:]], ["/api/v1/jobs/node_1?wait=10"] * 2)

    def test_follows_no_redirect(self) -> None:
        with start_fake_api(Answer(307, b"", {"Location": "http://127.0.0.1:9/"})) as api:
            with self.assertRaisesRegex(UnreachableError, "not from podman-api: check PODMAN_API_URL"):
                connect(api).nodes.list()

    def test_sends_content_as_it_is_read_and_only_once(self) -> None:
        with start_fake_api(BUSY) as api:
            request = Request("PUT", "/api/v1/x", content=iter([b"a" * 5, b"b"]), is_retryable=True)
            with self.assertRaises(podman_api.ServiceUnavailableError):
                connect(api)._transport.read(request, None)
        self.assertEqual([received.body for received in api.requests], [b"aaaaab"])


class RetryTest(unittest.TestCase):
    def test_repeats_a_change_with_the_same_key_after_a_cut_connection_and_a_503(self) -> None:
        with start_fake_api(CUT, BUSY, success(job={**JOB, "result": {}})) as api:
            errors: list[Exception] = []
            connect(api, on_retry=errors.append).containers.start("box")
        first, second, third, waiting = keys(api)
        self.assertTrue(first is not None and first == second == third)
        self.assertIsNone(waiting)
        self.assertEqual([type(error).__name__ for error in errors], ["UnreachableError", "ServiceUnavailableError"])

    def test_sends_the_key_of_the_caller(self) -> None:
        with start_fake_api(success(job={**JOB, "result": {}})) as api:
            connect(api).containers.start("box", idempotency_key="mine")
        self.assertEqual(keys(api)[0], "mine")

    def test_repeats_no_408(self) -> None:
        job = {"id": "node_1", "status": "timed_out"}
        with start_fake_api(failure(408, "TimeoutError", job=job)) as api:
            with self.assertRaises(TimeoutError) as raised:
                connect(api).containers.start("box")
        self.assertEqual(raised.exception.job, job)
        self.assertEqual(len(api.requests), 1)

    def test_submits_a_withdrawn_job_again_with_a_new_key(self) -> None:
        queued = success(job={**JOB, "status": "queued"})
        withdrawn = success(job={**JOB, "status": "withdrawn"})
        with start_fake_api(queued, withdrawn, queued, success(job={**JOB, "result": {}})) as api:
            self.assertEqual(connect(api).containers.start("box"), {})
        first, _, second, _ = keys(api)
        self.assertTrue(first is not None and second is not None and first != second)

    def test_raises_the_error_of_a_withdrawn_job_after_the_timeout(self) -> None:
        with start_fake_api(success(job={**JOB, "status": "withdrawn"})) as api:
            with self.assertRaises(TimeoutError):
                connect(api, retry_timeout_seconds=0).containers.start("box")

    def test_waits_for_the_job_of_a_read_whose_wait_ended(self) -> None:
        unfinished = failure(408, "TimeoutError", job={"id": "node_1", "status": "running"})
        with start_fake_api(unfinished, success(job={**JOB, "result": {"logs": "x"}})) as api:
            self.assertEqual(connect(api).containers.logs("box"), {"logs": "x"})

    def test_does_not_repeat_what_has_no_key(self) -> None:
        with start_fake_api(BUSY) as api:
            with self.assertRaises(podman_api.ServiceUnavailableError):
                connect(api).nodes.drain("a")
        self.assertEqual(len(api.requests), 1)

    def test_gives_up_after_the_timeout(self) -> None:
        with start_fake_api(failure(429, "RateLimitError", {"Retry-After": "30"})) as api:
            with self.assertRaises(RateLimitError) as raised:
                connect(api, retry_timeout_seconds=1).nodes.list()
        self.assertEqual(raised.exception.retry_after, 30)
        self.assertEqual(len(api.requests), 1)

    def test_counts_the_time_for_retries_from_the_first_failure(self) -> None:
        clock = mock.Mock(wraps=time)

        def stop_and_cut(_request: Received) -> Answer:
            clock.monotonic = lambda: time.monotonic() + 90
            return CUT

        with start_fake_api(stop_and_cut, success(nodes=[])) as api, mock.patch("podman_api._retry.time", clock):
            self.assertEqual(connect(api).nodes.list(), [])

    def test_names_the_address_that_does_not_answer(self) -> None:
        with self.assertRaisesRegex(UnreachableError, r"No answer from http://127\.0\.0\.1:9 \(the connection was refused\)"):
            Client("http://127.0.0.1:9", retry_timeout_seconds=0).nodes.list()


class ErrorTest(unittest.TestCase):
    def test_has_a_class_for_each_type(self) -> None:
        for name, error_class in ERROR_CLASSES.items():
            self.assertIs(getattr(podman_api, name), error_class)
            self.assertIn(name, podman_api.__all__)

    def test_has_details_and_status(self) -> None:
        details = [{"path": "image", "message": "is missing"}]
        with start_fake_api(failure(400, "ValidationError", details=details)) as api:
            with self.assertRaises(ValidationError) as raised:
                connect(api).containers.create(image="", name="x")
        self.assertEqual((raised.exception.status, raised.exception.details), (400, details))

    def test_keeps_an_unknown_type(self) -> None:
        with start_fake_api(failure(418, "TeapotError")) as api:
            with self.assertRaises(podman_api.ApiError) as raised:
                connect(api).nodes.list()
        self.assertEqual((raised.exception.type, raised.exception.status), ("TeapotError", 418))

    def test_is_raised_for_a_job_that_failed(self) -> None:
        error = {"message": "gone", "code": 404, "type": "NotFoundError"}
        with start_fake_api(success(job={**JOB, "status": "failed", "error": error})) as api:
            with self.assertRaises(NotFoundError) as raised:
                connect(api).containers.start("box")
        self.assertEqual(raised.exception.job, {**JOB, "status": "failed"})

    def test_cancels_the_job_after_wait_seconds(self) -> None:
        def answer(request: Received) -> Answer:
            return success(job={**JOB, "status": "cancelled" if request.method == "DELETE" else "running"})

        with start_fake_api(answer) as api:
            with self.assertRaises(podman_api.WaitTimeoutError):
                connect(api).containers.exec("box", command="sleep 9", wait_seconds=0)
        self.assertEqual([request.method for request in api.requests], ["POST", "GET", "DELETE"])


class StreamTest(unittest.TestCase):
    def test_parses_events(self) -> None:
        lines = [b": comment\n", b"id: 1\r\n", b"event: stdout\r\n", b'data: {"text":"a"}\r\n', b"\r\n", b"id: 2\n", b"data: x\n"]
        self.assertEqual(list(parse_events(lines)), [ServerEvent("1", "stdout", {"text": "a"})])

    def test_continues_after_the_last_event_of_a_cut_stream(self) -> None:
        first = Answer(200, b'id: 1\nevent: stdout\ndata: {"text":"a"}\n\nid: 2\nevent: stdout\nda', missing_bytes=9)
        rest = Answer(200, b'id: 2\nevent: stderr\ndata: {"text":"b"}\n\nid: 3\nevent: exit\ndata: {"status":"succeeded"}\n\n')
        with start_fake_api(first, rest) as api:
            events = list(connect(api).job("node_1").output())
        self.assertEqual([(event.event, event.text) for event in events], [("stdout", "a"), ("stderr", "b")])
        self.assertEqual([request.headers.get("Last-Event-ID") for request in api.requests], [None, "1"])

    def test_continues_a_stream_that_is_cut_while_its_reader_pauses(self) -> None:
        first = Answer(200, b'id: 1\nevent: stdout\ndata: {"text":"a"}\n\n', missing_bytes=9)
        rest = Answer(200, b'id: 2\nevent: exit\ndata: {"status":"succeeded"}\n\n')
        clock = mock.Mock(wraps=time)
        with start_fake_api(first, rest) as api, mock.patch("podman_api._transport.time", clock):
            events = connect(api, retry_timeout_seconds=0).job("node_1").output()
            self.assertEqual(next(events).text, "a")
            clock.monotonic = lambda: time.monotonic() + 90
            self.assertEqual(list(events), [])
        self.assertEqual([request.headers.get("Last-Event-ID") for request in api.requests], [None, "1"])

    def test_raises_the_error_of_the_job(self) -> None:
        data = b'{"status":"timed_out","message":"too long","code":408,"type":"TimeoutError"}'
        with start_fake_api(Answer(200, b"id: 1\nevent: error\ndata: " + data + b"\n\n")) as api:
            with self.assertRaisesRegex(TimeoutError, "too long"):
                list(connect(api).job("node_1").output())

    def test_reports_bytes_that_are_cut_off(self) -> None:
        with start_fake_api(Answer(200, b"abc", missing_bytes=1)) as api:
            with connect(api)._transport.open_bytes(Request("GET", "/api/v1/x", is_retryable=True)) as stream:
                with self.assertRaisesRegex(UnreachableError, "connection was closed"):
                    while stream.read(2):
                        pass


class SettingsTest(unittest.TestCase):
    def test_come_from_the_environment(self) -> None:
        with start_fake_api(success(nodes=[])) as api:
            variables = {"PODMAN_API_URL": f"{api.url}/api/v1/", "PODMAN_API_TOKEN": "from-variable"}
            with mock.patch.dict(os.environ, variables):
                Client().nodes.list()
        self.assertEqual(api.requests[0].headers["Authorization"], "Bearer from-variable")
        self.assertEqual(api.requests[0].target, "/api/v1/nodes")

    def test_are_refused_with_the_name_of_the_variable(self) -> None:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"url": "ftp://host"}, "PODMAN_API_URL"),
            ({"url": "http://u@host"}, "PODMAN_API_URL"),
            ({"token": "a b"}, "PODMAN_API_TOKEN"),
            ({"retry_timeout_seconds": -1}, "PODMAN_API_RETRY_TIMEOUT"),
        ]
        for options, name in wrong:
            with self.subTest(options), self.assertRaisesRegex(ValueError, name):
                Client(**options)

    def test_do_not_print_the_token(self) -> None:
        client = Client("http://127.0.0.1:9", token="secret-token")
        self.assertNotIn("secret-token", repr(vars(client)) + repr(client._transport._http.settings))


class BuildTest(unittest.TestCase):
    def test_continues_if_its_job_cannot_be_searched_for(self) -> None:
        searched = threading.Event()

        def answer(request: Received) -> Answer:
            if request.method == "POST":
                searched.wait(60)
                return success(job_id="node_1", image={})
            searched.set()
            return failure(403, "ForbiddenError")

        with start_fake_api(answer) as api:
            self.assertEqual(connect(api).build(b"tar", tag="app").id, "node_1")
        self.assertEqual({request.method for request in api.requests}, {"GET", "POST"})


class PackDirectoryTest(unittest.TestCase):
    def test_packs_the_directory_that_a_symbolic_link_leads_to(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "directory").mkdir()
            Path(folder, "directory", "Containerfile").touch()
            Path(folder, "directory", "link").symlink_to("Containerfile")
            Path(folder, "context").symlink_to("directory")
            for path in (f"{folder}/context", f"{folder}/context/"):
                with pack_directory(path) as archive, tarfile.open(fileobj=archive) as tar:
                    entries = [(entry.name, entry.type) for entry in tar]
                self.assertEqual(entries, [(".", tarfile.DIRTYPE), ("./Containerfile", tarfile.REGTYPE), ("./link", tarfile.SYMTYPE)])


if __name__ == "__main__":
    unittest.main()
