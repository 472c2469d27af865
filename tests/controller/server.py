# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in over HTTP, as much of AWX's API as the modules of awx.awx ask for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from . import rules
from .kinds import KINDS
from .objects import NotFoundError, Objects, RefusedError, Stored

ROOT = "/api/v2/"
TOKEN = "token"
Answer = tuple[int, Any]


@dataclass
class Controller:
    """``asked`` are the requests that were to change something, as method and path."""

    objects: Objects
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """With which the modules find it."""
        return {"CONTROLLER_HOST": self.url, "CONTROLLER_OAUTH_TOKEN": TOKEN}

    def answer(self, method: str, path: str, query: dict[str, str], given: Any) -> Answer:
        if method != "GET":
            self.asked.append((method, path))
        try:
            match path.removeprefix(ROOT).strip("/").split("/"):
                case ["project_updates", _]:
                    return 200, {"status": "successful"}
                case [endpoint] if endpoint in KINDS or endpoint == "unified_job_templates":
                    return self._list(endpoint, query) if method == "GET" else self._create(endpoint, given)
                case [endpoint, key]:
                    return self._one(method, self.objects.get(endpoint, int(key)), given)
                case [endpoint, key, part]:
                    return self._part(method, self.objects.get(endpoint, int(key)), part, given)
            raise NotFoundError
        except RefusedError as refused:
            return 400, refused.errors
        except (NotFoundError, KeyError):
            return 404, {"detail": "Not found."}

    def _list(self, endpoint: str, query: dict[str, str]) -> Answer:
        found = [each for each in self.objects.of(endpoint) if matches(each, query)]
        return 200, listed([shown(each) for each in found])

    def _create(self, endpoint: str, given: Any) -> Answer:
        return 201, shown(self.objects.create(endpoint, given))

    def _one(self, method: str, stored: Stored, given: Any) -> Answer:
        if method == "PATCH":
            self.objects.change(stored, given)
        return 200, shown(stored)

    def _part(self, method: str, stored: Stored, part: str, given: Any) -> Answer:
        if part == "survey_spec" and KINDS[stored.endpoint].has_survey:
            return self._survey(method, stored, given)
        if part == "create_approval_template":
            return 201, shown(self.objects.make_approval(stored, given))
        if method == "POST":
            self.objects.link(stored, part, given)
            return 204, None
        endpoint = KINDS[stored.endpoint].associations[part]
        return 200, listed([shown(self.objects.get(endpoint, key)) for key in stored.linked.get(part, [])])

    def _survey(self, method: str, stored: Stored, given: Any) -> Answer:
        if method == "POST":
            errors = rules.survey_errors(given)
            if errors:
                raise RefusedError(errors)
            stored.survey = given
            return 200, {}
        return 200, stored.survey


def matches(stored: Stored, query: dict[str, str]) -> bool:
    """A filter by a field that the object does not have finds nothing, where AWX refuses the request."""
    return all(str(stored.fields.get(name)) == value for name, value in query.items())


def listed(results: list[Any]) -> dict[str, Any]:
    return {"count": len(results), "next": None, "results": results}


def shown(stored: Stored) -> dict[str, Any]:
    kind = KINDS[stored.endpoint]
    url = f"{ROOT}{stored.endpoint}/{stored.id}/"
    related = {"survey_spec": f"{url}survey_spec/"} if kind.has_survey else {}
    approval = stored.fields.get("unified_job_template")
    if stored.endpoint == "workflow_job_template_nodes" and approval:
        related["unified_job_template"] = f"{ROOT}unified_job_templates/{approval}/"
    extra = {"managed": False} if stored.endpoint == "credential_types" else {}
    if stored.endpoint == "projects":
        extra = {"scm_revision": "", "summary_fields": {"current_update": {"id": stored.id}}}
    own = {"id": stored.id, "type": kind.name, "url": url, "related": related, "summary_fields": {}}
    return {**own, **stored.fields, **extra}


@contextmanager
def serving(project: Path) -> Iterator[Controller]:
    """A controller as it is after its installation: with the organization Default, and nothing else."""
    controller = Controller(Objects(project))
    controller.objects.create("organizations", {"name": "Default"})

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, answer = 401, {"detail": "Authentication credentials were not provided."}
            else:
                given = json.loads(body) if body else {}
                status, answer = controller.answer(self.command, parts.path, dict(parse_qsl(parts.query)), given)
            self.send_response(status)
            self.send_header("X-API-Product-Name", "AWX")
            self.send_header("X-API-Product-Version", "24.6.1")
            self.end_headers()
            if answer is not None:
                self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = do_PATCH = _handle  # noqa: N815 (names of http.server)

        def log_message(self, *_arguments: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    controller.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield controller
    finally:
        server.shutdown()
        server.server_close()
