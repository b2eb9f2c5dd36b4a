"""Millrun on one machine, by one command: `python -m deploy.local up`.

The composition root: the only place that knows every service, both edges and both profiles
(architecture §3). Everything it keeps lies in one folder, `.state/`.
"""
