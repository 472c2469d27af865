# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what: identity-based policies, and what each call asks them.

No library does it. moto.iam.access_control takes a condition that is not met for a denial and knows two operators;
@cloud-copilot/iam-simulate needs Node; those of PyPI ask AWS (sibyl-aws) or are about service control policies (npkt).
"""
