# SPDX-License-Identifier: GPL-3.0-or-later
"""Paced load on an address, counted per second by release, status, instance and connection error."""

from .background import BackgroundLoad
from .generator import Load
from .resolving import JVM_SECONDS, Resolving
from .result import Failure, LoadResult, Second

__all__ = ["JVM_SECONDS", "BackgroundLoad", "Failure", "Load", "LoadResult", "Resolving", "Second"]
