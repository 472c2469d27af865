# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab imitates of AWS: one file for each service, one entry for each operation. All else is refused.

An entry lists the members of a request, as botocore's model names them, and looks through lists: what it says of a list
holds for each item. The members of a map are its keys. ``every`` is part of every entry; ``parts`` holds what several
entries refer to. A member has

- ``any``: whatever its value is, the lab does what AWS does with it;
- a list: with these values, or with several of them and commas in between. The only value of a list is often AWS's
  default, which means that nothing is asked for;
- members of its own. ``by NAME`` in these holds cases: the value of NAME says what the other members can be, as with
  the keys of attributes, the names of filters, and the types of actions. ``*`` in a case stands for any characters.

A member belongs here when the lab does what AWS does with it, as far as the API and the traffic show. A member that the
lab keeps and returns belongs here only when AWS does no more with it that could be seen.
"""
