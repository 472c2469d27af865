# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule conditions, as ELBv2 describes them, compiled to predicates over a request."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl

from multidict import MultiMapping


@dataclass(frozen=True)
class Request:
    """What rules may ask about a request."""

    method: str
    host: str  # lower case, without the port
    path: str  # as sent, not decoded
    query: str
    headers: MultiMapping[str]
    source_ip: str

    @classmethod
    def of(cls, method: str, host: str, target: str, headers: MultiMapping[str], source_ip: str) -> Self:
        """``target``: path and query, as sent."""
        path, _question_mark, query = target.partition("?")
        return cls(method, host.partition(":")[0].lower(), path, query, headers, source_ip)


Condition = Callable[[Request], bool]
Match = Callable[[str], bool]


def compile_condition(raw: Mapping[str, Any]) -> Condition:
    """Of several values in one condition, one must match."""
    return _COMPILERS[raw["Field"]](raw)


def _wildcard(pattern: str, flags: re.RegexFlag) -> Match:
    r"""``*`` matches zero or more characters and ``?`` exactly one; ``\*`` and ``\?`` stand for themselves."""
    parts = re.split(r"(\\[*?]|[*?])", pattern)
    special = {"*": ".*", "?": ".", r"\*": r"\*", r"\?": r"\?"}
    expression = re.compile("".join(special.get(part) or re.escape(part) for part in parts), flags | re.DOTALL)
    return lambda text: expression.fullmatch(text) is not None


def _regex(pattern: str, flags: re.RegexFlag) -> Match:
    expression = re.compile(pattern, flags)
    return lambda text: expression.search(text) is not None


def _any_of(raw: Mapping[str, Any], config: str, flags: re.RegexFlag = re.NOFLAG) -> Match:
    """Values are spelled at the top of the condition or in its config; ELBv2 accepts both and describes either."""
    settings = raw.get(config) or {}
    values = settings.get("Values") or raw.get("Values") or []
    regexes = settings.get("RegexValues") or raw.get("RegexValues") or []
    matches = [_wildcard(value, flags) for value in values] + [_regex(value, flags) for value in regexes]
    return lambda text: any(match(text) for match in matches)


def _path(raw: Mapping[str, Any]) -> Condition:
    match = _any_of(raw, "PathPatternConfig")
    return lambda request: match(request.path)


def _host(raw: Mapping[str, Any]) -> Condition:
    match = _any_of(raw, "HostHeaderConfig", re.IGNORECASE)
    return lambda request: match(request.host)


def _header(raw: Mapping[str, Any]) -> Condition:
    name = raw["HttpHeaderConfig"]["HttpHeaderName"]
    match = _any_of(raw, "HttpHeaderConfig", re.IGNORECASE)
    return lambda request: any(match(value) for value in request.headers.getall(name, []))


def _method(raw: Mapping[str, Any]) -> Condition:
    methods = frozenset(raw["HttpRequestMethodConfig"]["Values"])
    return lambda request: request.method in methods


def _query(raw: Mapping[str, Any]) -> Condition:
    """A value without a key matches the value of any parameter."""
    wanted = [
        (_wildcard(pair.get("Key") or "*", re.IGNORECASE), _wildcard(pair["Value"], re.IGNORECASE))
        for pair in raw["QueryStringConfig"]["Values"]
    ]

    def matches(request: Request) -> bool:
        found = parse_qsl(request.query, keep_blank_values=True)
        return any(key(name) and value(text) for name, text in found for key, value in wanted)

    return matches


def _source_ip(raw: Mapping[str, Any]) -> Condition:
    """The address of the connection; X-Forwarded-For is not considered."""
    networks = [ipaddress.ip_network(cidr, strict=False) for cidr in raw["SourceIpConfig"]["Values"]]
    return lambda request: _is_in(request.source_ip, networks)


def _is_in(address: str, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    return any(ipaddress.ip_address(address) in network for network in networks)


_COMPILERS: Mapping[str, Callable[[Mapping[str, Any]], Condition]] = {
    "path-pattern": _path,
    "host-header": _host,
    "http-header": _header,
    "http-request-method": _method,
    "query-string": _query,
    "source-ip": _source_ip,
}
