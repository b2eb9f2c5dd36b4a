"""What catalog refuses of modules."""

from shared.errors import Disallowed, Malformed, NotFound


class ModuleNotFound(NotFound):
    """There is no module {module}."""

    fix = "Take the name from the list of modules."


class ModuleIdMalformed(Malformed):
    """ "{module_id}" is no module id."""

    fix = "Use 2 to 40 lower-case letters, digits and hyphens, such as wr3e."


class ModuleIdTaken(Disallowed):
    """There is a module {module} already."""

    fix = "Choose another module id."
