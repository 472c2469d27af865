# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions and answers as DNS messages."""

from __future__ import annotations

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset

from .answers import Answer, Answers, NotOurNameError, UnknownNameError

LEAST_DATAGRAM = 512  # bytes that an asker takes who does not say how many (RFC 1035, 4.2.1)
LONGEST = 65535


def respond(wire: bytes, answers: Answers, *, over_udp: bool) -> bytes | None:
    """None to what is no question at all."""
    try:
        query = dns.message.from_wire(wire)
        response = dns.message.make_response(query)
    except dns.exception.DNSException:
        return None
    response.flags |= dns.flags.AA
    response.set_rcode(_fill(response, query, answers))
    longest = max(query.payload, LEAST_DATAGRAM) if over_udp else LONGEST
    return response.to_wire(max_size=longest, prefer_truncation=True)


def _fill(response: dns.message.Message, query: dns.message.Message, answers: Answers) -> dns.rcode.Rcode:
    if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
        return dns.rcode.NOTIMP
    asked = query.question[0]
    try:
        found = answers.to(asked.name.to_text().lower(), dns.rdatatype.to_text(asked.rdtype))
    except UnknownNameError:
        return dns.rcode.NXDOMAIN
    except NotOurNameError:
        return dns.rcode.REFUSED
    response.answer = [_rrset(answer) for answer in found]
    return dns.rcode.NOERROR


def _rrset(answer: Answer) -> dns.rrset.RRset:
    """Names in values are whole ones, with or without the dot at their end."""
    return dns.rrset.from_text_list(
        answer.name, answer.ttl, "IN", answer.type, answer.values, origin=dns.name.root, relativize=False
    )
