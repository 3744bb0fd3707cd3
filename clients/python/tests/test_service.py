"""The client with a running service: `PODMAN_API_URL` and the image `TEST_IMAGE`, which has a shell."""

from __future__ import annotations

import os
import secrets
import tarfile
import tempfile
import time
import unittest
from pathlib import Path
from typing import BinaryIO, cast

from podman_api import Client, ConflictError, NotFoundError, ValidationError, WaitTimeoutError, pack_directory

IMAGE = os.environ.get("TEST_IMAGE", "")


def unique_name() -> str:
    return f"{os.environ.get('TEST_NAME_PREFIX', 'python')}-{secrets.token_hex(6)}"


class ServiceTest(unittest.TestCase):
    def setUp(self) -> None:
        self.client = Client()

    def test_runs_commands_in_a_container_and_removes_it(self) -> None:
        name = unique_name()
        with self.client.container(image=IMAGE, name=name, environment={"GREETING": "hello"}) as container:
            self.assertEqual(container.name, name)
            self.assertIsNotNone(container.inspect()["expires_at"])
            self.assertEqual(container.exec(command="echo $GREETING; exit 3")["exit_code"], 3)
            self.assertEqual(container.exec(command=["cat"], stdin="ü")["stdout"], "ü")
            container.add_file(dest_path="/x", content="from Python")
            self.assertEqual(container.exec(command=["cat", "/x"])["stdout"], "from Python")
            container.rename(new_name=f"{name}-2")
            self.assertEqual(container.logs()["logs"], "")
            # A node whose worker gets no CPU time for five seconds is missing, by design.
            while (listed := self.client.containers.list(name=name))["unreachable"]:
                time.sleep(0.1)
            self.assertEqual([entry["name"] for entry in listed["containers"]], [f"{name}-2"])
            self.output_of_a_command(container.id)
            self.cancels_a_command(container.id)
            with self.assertRaises(ConflictError):
                self.client.containers.create(image=IMAGE, name=f"{name}-2")
        with self.assertRaises(NotFoundError):
            self.client.containers.inspect(container.id)

    def test_follows_a_log(self) -> None:
        script = "echo one; until [ -e /go ]; do usleep 20000; done; echo two >&2; exit 5"
        with self.client.container(image=IMAGE, name=unique_name(), command=["sh", "-c", script]) as container:
            events = container.logs_stream(tail="10")
            self.assertEqual(next(events).text, "one\n")
            container.add_file(dest_path="/go", content="")
            rest = list(events)
            self.assertEqual([(event.event, event.text) for event in rest], [("stderr", "two\n"), ("exit", "")])
            self.assertEqual(rest[-1].data["exit_code"], 5)

    @unittest.skipUnless(os.environ.get("TEST_LONG"), "a build takes seconds: set TEST_LONG")
    def test_builds_an_image_of_a_directory_with_live_output(self) -> None:
        tag = f"localhost/{unique_name()}:1"
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "Containerfile").write_text(f"FROM {IMAGE}\nARG WHO\nCOPY . /srv/\nRUN echo built for $WHO\n")
            Path(folder, "file").write_text("content")
            job = self.client.build(folder, tag=tag, build_arg={"WHO": "Python"})
            text = "".join(event.text for event in job.output())
            self.assertIn("built for Python\n", text)
            self.assertEqual(job.result()["reference"], tag)
            with self.assertRaisesRegex(ValidationError, "no nowhere"):
                self.client.build(folder, tag=tag, file="nowhere").result()
        self.client.images.remove(tag)
        with self.assertRaises(ValidationError):
            self.client.build(b"no archive", tag=tag).result()

    def test_copies_directories_as_archives(self) -> None:
        with self.client.container(image=IMAGE, name=unique_name()) as container, tempfile.TemporaryDirectory() as folder:
            Path(folder, "page.html").write_text("<h1>")
            with pack_directory(folder, "site") as archive:
                self.assertEqual(container.write_archive(path="/", content=archive)["entries"], 2)
            with container.read_archive(path="/site") as stream, tarfile.open(fileobj=cast(BinaryIO, stream), mode="r|") as tar:
                sizes = [(entry.name, entry.size) for entry in tar]
            self.assertEqual(sizes, [("site", 0), ("site/page.html", 4)])

    def test_follows_events_of_the_fleet(self) -> None:
        name = unique_name()
        with self.client.container(image=IMAGE, name=name) as container:
            for event in self.client.events.read(since="10m", container=name):
                if event.data.get("action") == "start":
                    break
            self.assertEqual((event.event, event.data["resource_id"]), ("container", container.id))

    def output_of_a_command(self, id: str) -> None:
        script = "echo one; until [ -e /go ]; do usleep 20000; done; echo two >&2; exit 5"
        job = self.client.containers.submit_exec(id, command=script)
        output = job.output()
        first = next(output)
        self.assertEqual((first.event, first.text), ("stdout", "one\n"))
        self.client.containers.add_file(id, dest_path="/go", content="")
        self.assertEqual([(event.event, event.text) for event in output], [("stderr", "two\n")])
        self.assertEqual([event.text for event in job.output(after=first.id)], ["two\n"])
        self.assertEqual(job.result()["exit_code"], 5)

    def cancels_a_command(self, id: str) -> None:
        with self.assertRaises(WaitTimeoutError) as raised:
            self.client.containers.exec(id, command="exec sleep 617", wait_seconds=0.2)
        job = self.client.job(raised.exception.job_id)
        self.assertEqual(job.wait()["status"], "cancelled")
        self.assertNotIn("sleep 617", self.client.containers.exec(id, command=["ps"])["stdout"])

    def test_removes_the_container_after_an_exception(self) -> None:
        with self.assertRaises(KeyError):
            with self.client.container(image=IMAGE, name=unique_name()) as container:
                raise KeyError
        with self.assertRaises(NotFoundError):
            self.client.containers.inspect(container.id)

    def test_names_the_wrong_field(self) -> None:
        with self.assertRaises(ValidationError) as raised:
            self.client.containers.create_dry_run(image=IMAGE, name="x y")
        self.assertEqual([fault["path"] for fault in raised.exception.details], ["name"])

    def test_submits_one_job_for_two_calls_with_the_same_key(self) -> None:
        name = unique_name()
        first = self.client.containers.submit_create(image=IMAGE, name=name, command=["true"], idempotency_key=name)
        second = self.client.containers.submit_create(image=IMAGE, name=name, command=["true"], idempotency_key=name)
        self.assertEqual(first.id, second.id)
        self.client.containers.remove(first.result()["id"], force=True)

    def test_reads_the_service(self) -> None:
        self.assertIn(self.client.service.health_read()["status"], ("healthy", "degraded"))
        self.assertGreater(len(self.client.nodes.list()), 0)
        self.assertIn("podman_api_redis_up", self.client.service.metrics_prometheus())
        self.assertLessEqual(len(self.client.jobs.list(limit=2)["jobs"]), 2)


if __name__ == "__main__":
    unittest.main()
