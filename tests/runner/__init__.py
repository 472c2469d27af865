# SPDX-License-Identifier: GPL-3.0-or-later
"""Every playbook as a job of AWX: the installed collection under ansible-runner."""
