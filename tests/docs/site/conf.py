# SPDX-License-Identifier: GPL-3.0-or-later
"""The site of the documentation, as Sphinx builds it: the pages of docs/, and those of each plugin and role."""

project = "switchyard.bluegreen"
author = "The switchyard.bluegreen contributors"
project_copyright = author

extensions = ["myst_parser", "sphinx_antsibull_ext"]
root_doc = "index"
# Links to headings are written as GitHub makes them.
myst_heading_anchors = 3
html_theme = "sphinx_ansible_theme"
html_title = "switchyard.bluegreen"
html_theme_options = {"vcs_pageview_mode": "", "documentation_home_url": "index.html"}
html_show_sphinx = False
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
# Plugins' pages refer to those of amazon.aws and of Ansible itself, which are sites of their own.
suppress_warnings = ["ref.envvar", "ref.ref"]
