# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of an answer as text, as much of it as was asked for."""

from __future__ import annotations

import codecs
import zlib
from http.client import HTTPResponse, IncompleteRead

PIECE = 65536  # bytes
ZIPPED = ("gzip", "x-gzip", "deflate")  # "Content Codings" in RFC 9110; a request asks for none of them by itself
GZIP_OR_ZLIB = zlib.MAX_WBITS | 32  # zlib finds out which
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_body(response: HTTPResponse, most: int) -> tuple[str, str]:
    """The text, and why it is not the whole of the body; empty where it is."""
    body = bytearray()
    while len(body) <= most and (piece := response.read1(PIECE)):
        body += piece
    if response.length and len(body) <= most:  # bytes that were announced and did not come; read1 does not mind
        raise IncompleteRead(bytes(body), response.length)
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    content, unread = (body, "") if coding == "identity" else _unzipped(bytes(body), coding, most)
    if len(content) > most:
        unread = f"of which only the first {most} bytes are read"
    return _decoded(bytes(content[:most]), response.headers.get_content_charset()), unread


def _unzipped(body: bytes, coding: str, most: int) -> tuple[bytes, str]:
    """One byte more than was asked for, if it has them: a small body may stand for a very large one."""
    if coding not in ZIPPED:
        return b"", "its Content-Encoding is not one that is read here"
    engine = zlib.decompressobj(GZIP_OR_ZLIB)
    try:
        content = engine.decompress(body, most + 1)
    except zlib.error:
        return b"", "it is not compressed as its Content-Encoding says"
    return content, "" if engine.eof else "its compressed end is missing"


def _decoded(content: bytes, charset: str | None) -> str:
    """A mark at its beginning goes before what a header says; bytes that mean nothing are replaced."""
    named = next((encoding for mark, encoding in MARKS.items() if content.startswith(mark)), charset or "utf-8")
    try:
        text = content.decode(named, errors="replace")
    except (LookupError, ValueError):  # an encoding that Python does not know, or that is none of text
        text = content.decode(errors="replace")
    return text.encode(errors="replace").decode()  # without halves of surrogate pairs, which some encodings make
