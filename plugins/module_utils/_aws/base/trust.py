# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates of the authorities that a client trusts, parsed once.

urllib3 parses them again for each connection (urllib3/urllib3#3623), which costs 35 ms of CPU. A release opens some
sixty connections to AWS, for each of its tasks is a process, and a rollback some five before its first write.
"""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any

try:
    from botocore.httpsession import create_urllib3_context, get_cert_path

    CAN_SHARE = True
except ImportError:  # no botocore, or one that has other names for it
    CAN_SHARE = False


class Trust(ssl.SSLContext):
    """Knows which file it has parsed."""

    _parsed: str | None = None

    def load_verify_locations(self, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        if cafile and cafile == self._parsed and not (capath or cadata):
            return
        super().load_verify_locations(cafile, capath, cadata)
        self._parsed = cafile


@cache
def trust() -> Trust:
    """For all connections of this process, and of those that are forked from it."""
    context: Any = create_urllib3_context()
    context.__class__ = Trust  # botocore makes no other class, and says in there which versions of TLS it takes
    context.load_verify_locations(get_cert_path(True))
    return context


def share_trust(client: Any) -> None:
    """Let ``client``, which verifies by botocore's own certificates, take part. Botocore has no public name for it; a
    version that has other names works as ever."""
    session = getattr(getattr(client, "_endpoint", None), "http_session", None)
    options = getattr(getattr(session, "_manager", None), "connection_pool_kw", {})
    if CAN_SHARE and "ssl_context" in options and client.meta.endpoint_url.startswith("https:"):
        options["ssl_context"] = trust()
