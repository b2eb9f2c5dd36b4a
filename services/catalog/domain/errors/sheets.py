"""What catalog refuses of imported and exported files, and why."""

from shared.errors import Disallowed, Malformed


class SheetTooLarge(Malformed):
    """The file is larger than {most} KiB."""

    fix = "Split it into several files and import one after the other."


class SheetNotText(Malformed):
    """The file is not text in UTF-8."""

    fix = "Save it from the spreadsheet program as CSV UTF-8 and import it again."


class SheetBroken(Malformed):
    """The file cannot be read from line {line} on: quotation marks do not match."""

    fix = "Save it from the spreadsheet program as CSV UTF-8 and import it again."


class SheetWithoutProducts(Malformed):
    """The file names no products."""

    fix = "Write the names of the columns into the first line and a product into each further one."


class SheetColumnUnknown(Malformed):
    """There is no column {column}."""

    fix = "Name the columns {known}; leave out what you do not need."


class SheetColumnTwice(Malformed):
    """The column {column} is there more than once."""

    fix = "Leave one of them."


class SheetColumnMissing(Malformed):
    """The file has no column display_name and no column pid."""

    fix = (
        "Name the columns in the first line: display_name for new products, pid for existing ones."
    )


class TooManyRows(Malformed):
    """The file names more than {most} products."""

    fix = "Split it into several files and import one after the other."


class ProductsNotImported(Disallowed):
    """Nothing was imported: lines that cannot be imported are {lines}. Line {line}: {why}"""

    fix = "Ask with validate_only to be told about every line, mend the file and import it again."


class TooManyToExport(Malformed):
    """More than {most} products are wanted in one file."""

    fix = "Narrow them down by owner, stage or search, and export in several files."


# One line ----------------------------------------------------------------------------------------


class RowTooLong(Malformed):
    """The line has {cells} cells, and there are {columns} columns."""

    fix = "Put cells with commas, semicolons or tabs in them into quotation marks."


class RowWithoutName(Malformed):
    """The line names no product: display_name and pid are empty."""

    fix = "Fill in display_name for a new product, or the pid of an existing one."


class RowTwice(Malformed):
    """Line {first} names product {pid} already."""

    fix = "Name every product once."


class RowWithoutModule(Malformed):
    """Something is to be built into the product, and module or firmware_version is empty."""

    fix = "Fill in both module and firmware_version, or leave the build to later."


class FirmwareVersionUnknown(Malformed):
    """There is no firmware {version} for a module {module}."""

    fix = "Take module and version from the list of the module's firmware, such as wr3e and 2.4.1."


class ProductNameFixed(Disallowed):
    """The product is called {display_name}, and an import does not rename it."""

    fix = "Leave display_name empty or as it is."
