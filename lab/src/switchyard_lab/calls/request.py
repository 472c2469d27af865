# SPDX-License-Identifier: GPL-3.0-or-later
"""An API call as the caller's SDK had it: the operation and its parameters, whatever the service's protocol."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request as HttpRequest
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model

from .operations import Operation, operation_of

MODELS = {"elasticloadbalancing": "elb", "servicequotas": "service-quotas", "tagging": "resourcegroupstaggingapi"}
"""botocore's names, where they differ from those by which requests are signed."""


@dataclass(frozen=True)
class Request:
    """``service`` is the one that the request was signed for, but ``elbv2`` and ``cloudwatch`` as botocore has them."""

    service: str
    operation: str
    environ: Mapping[str, Any]
    body: bytes

    @classmethod
    def of(cls, environ: Mapping[str, Any], body: bytes) -> Request:
        operation = operation_of(environ, body)
        return cls(operation.service, operation.name, environ, body)

    @property
    def kind(self) -> str:
        """``read`` or ``write``."""
        return Operation(self.service, self.operation).kind

    @cached_property
    def model(self) -> OperationModel | None:
        """None where botocore knows no such operation."""
        try:
            return get_service_model(MODELS.get(self.service, self.service)).operation_model(self.operation)
        except (UnknownServiceError, OperationNotFoundError):
            return None

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Named and typed as botocore's model has them; parsed when they are first asked for."""
        if self.model is None:
            return {}
        http = HttpRequest({**self.environ, "wsgi.input": io.BytesIO(self.body)})
        protocol = determine_request_protocol(self.model.service_model, http.content_type)
        in_path: dict[str, Any] = {}
        if protocol.startswith("rest-"):
            _model, in_path = get_service_router(self.model.service_model.service_name).match(http)
        parsed: dict[str, Any] = PROTOCOL_PARSERS[protocol](self.model).parse(
            {
                "method": http.method,
                "values": http.values,
                "headers": http.headers,
                "body": http.data,
                "url_path": http.path,
                "url_params": in_path,
            }
        )
        return parsed
