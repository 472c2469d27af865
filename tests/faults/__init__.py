# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a service and its users when a call to AWS fails, or a run is killed."""
