"""Which sentences of the pages nobody translated yet: `python -m shared.web.translations`.

Prints them as entries for a `.po` file, ready to be filled in.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
METHODS = [("**/tests/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true"}}
KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"_": None, "Nav": None, "ngettext": (2,)}
"""What is called with a sentence; of two the plural is translated."""


def folders() -> list[Path]:
    """Return the folders that hold pages: the shared ones and those of the edges."""
    edges = (path.parent for path in (ROOT / "services").glob("*/app.py"))
    return [ROOT / "shared" / "web", *sorted(edges)]


def missing(language: str) -> dict[str, str]:
    """Return the sentences without a translation, and where each is used.

    An edge reads what is translated below it and what is shared, not what another edge has; what is
    shared is said on every edge.
    """
    known = {folder: set(translated(folder, language)) for folder in folders()}
    shared, *edges = known
    for edge in edges:
        known[edge] |= known[shared]
    known[shared] = set.intersection(*(known[edge] for edge in edges))
    return {
        message: place
        for folder in folders()
        for message, place in used(folder)
        if message not in known[folder]
    }


def used(
    folder: Path, keywords: Mapping[str, tuple[int, ...] | None] = KEYWORDS
) -> Iterator[tuple[str, str]]:
    """Yield each sentence the pages below a folder say, and where."""
    found = extract_from_dir(str(folder), METHODS, OPTIONS, keywords=keywords)
    for name, line, message, *_ in found:
        text = message if isinstance(message, str) else message[0]
        yield text, f"{folder.relative_to(ROOT)}/{name}:{line}"


def translated(folder: Path, language: str) -> Iterator[str]:
    """Yield the sentences translated below a folder."""
    for path in folder.glob(f"**/locale/{language}/*.po"):
        with path.open("rb") as file:
            yield from (str(m.id) for m in read_po(file) if m.id and m.string and not m.context)


if __name__ == "__main__":
    for message, place in missing("zh").items():
        quoted = message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        sys.stdout.write(f'#: {place}\nmsgid "{quoted}"\nmsgstr ""\n\n')
