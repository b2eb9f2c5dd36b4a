"""From an HTTP verb and a path to the method they name, by the templates of `google.api.http`.

`/v1/{name=enterprises/*/orders/*}:submit` stands for every path of five parts that fits and ends
in the verb `:submit`; what its braces cover becomes the field `name` of the request.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.gateway.contract import Method, Rule
from shared.errors import NotFound, Refusal


class NoSuchPath(NotFound):
    """There is nothing at {path}."""

    fix = "See /docs for the paths there are."


class NotThatWay(Refusal):
    """{path} does not answer {verb}, only {allowed}."""

    fix = "See /docs for what can be done with it."


@dataclass(frozen=True)
class Binding:
    """A method and the rule it was found by."""

    method: Method
    rule: Rule


class Router:
    """Finds bindings; as fast with a thousand templates as with one of the same shape."""

    def __init__(self, methods: Iterable[Method]) -> None:
        self._shapes: dict[tuple[int, str], list[tuple[re.Pattern[str], Binding]]] = {}
        for method in methods:
            for rule in method.rules:
                pattern = compile_template(rule.template)
                shape = self._shapes.setdefault(_shape(rule.template), [])
                shape.append((pattern, Binding(method, rule)))
        for shape in self._shapes.values():
            # A template with more literal text goes before one that fits more paths.
            shape.sort(key=lambda each: -len(re.sub(r"\{[^}]*\}", "", each[1].rule.template)))

    def find(self, verb: str, path: str) -> tuple[Binding, Mapping[str, str]]:
        """Return the binding and the fields its path holds; NoSuchPath or NotThatWay."""
        allowed = set()
        for pattern, binding in self._shapes.get(_shape(path), ()):
            if found := pattern.fullmatch(path):
                if binding.rule.verb == verb:
                    return binding, _fields(found)
                allowed.add(binding.rule.verb)
        if allowed:
            raise NotThatWay(path=path[:200], verb=verb[:20], allowed=", ".join(sorted(allowed)))
        raise NoSuchPath(path=path[:200])


def compile_template(template: str) -> re.Pattern[str]:
    """Return a template as a regular expression; each field path is a group, dots as `__`."""
    parts = re.split(r"\{([^}=]+)(?:=([^}]+))?\}", template)
    pattern = re.escape(parts[0])
    for field, inner, literal in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        segments = "/".join(_segment(each) for each in (inner or "*").split("/"))
        pattern += f"(?P<{field.replace('.', '__')}>{segments})" + re.escape(literal)
    return re.compile(pattern)


def _segment(segment: str) -> str:
    return "[^/]+" if segment == "*" else re.escape(segment)


def _shape(path: str) -> tuple[int, str]:
    """How many parts a path has, and the verb behind it; both known before anything is matched."""
    filled = re.sub(r"\{[^}]*?(?:=([^}]*))?\}", lambda found: found[1] or "*", path)
    head, _, last = filled.rpartition("/")
    return head.count("/"), last.partition(":")[2]


def _fields(found: re.Match[str]) -> Mapping[str, str]:
    return {name.replace("__", "."): value for name, value in found.groupdict().items()}
