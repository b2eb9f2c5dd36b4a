"""Pages: what portal and console share.

A page author needs `Pages`, `Nav`, `page`, `redirect`, `call`, `together`, `Form` and `visitor`,
and in a template `{% extends "layout.html" %}` and `{% import "ui.html" as ui with context %}`.
"""

from shared.web.calls import call
from shared.web.form import Form, Upload
from shared.web.pages import Nav, Pages, page, redirect, visitor
from shared.web.problem import Problem
from shared.web.text import _, ngettext
from shared.web.together import Part, together

__all__ = [
    "Form",
    "Nav",
    "Pages",
    "Part",
    "Problem",
    "Upload",
    "_",
    "call",
    "ngettext",
    "page",
    "redirect",
    "together",
    "visitor",
]
