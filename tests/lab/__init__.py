# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS on loopback: a control plane that moto keeps, and a data plane that makes it true."""
