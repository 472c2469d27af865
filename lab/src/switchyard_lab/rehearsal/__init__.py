# SPDX-License-Identifier: GPL-3.0-or-later
"""Rehearsals: the services of a person's own inventory, released on a lab, with a good image and with a bad one.

``services`` reads the definitions. ``described`` reads what AWS returned about them, where a person has saved it.
``blueprint`` decides what to build, ``builder`` builds it, and ``variables`` decides what a rehearsal says differently.
``play`` releases, and ``command`` prints what happened.
"""
