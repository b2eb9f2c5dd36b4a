"""What files are refused for, whoever was to be given them."""

from shared.errors import Exhausted, Malformed


class TooManyUploads(Exhausted):
    """Too many files are being looked at."""


class FileNotAccepted(Malformed):
    """This file is neither a PDF nor a PNG or JPEG picture."""

    fix = "Save the scan as PDF, PNG or JPEG, and upload that."


class FileUnreadable(Malformed):
    """This {kind} file cannot be read: it is damaged or not whole."""

    fix = "Save or scan it again, see that it opens, and upload that."


class FileEncrypted(Malformed):
    """This PDF is encrypted."""

    fix = "Save it without a password, and upload that."


class FileIsActive(Malformed):
    """This PDF holds {what}, and only pages to read are taken."""

    fix = "Print it to a new PDF, or scan it, and upload that."


class FileIsTwo(Malformed):
    """This {kind} file holds something else besides."""

    fix = "Save or scan it again with another program, and upload that."


class FileTooLong(Malformed):
    """This file has more than {most} pages."""

    fix = "Upload only the pages that are asked for."


class PictureTooLarge(Malformed):
    """A picture in this file has more than {most} million dots."""

    fix = "Scan at 200 to 300 dots per inch, and upload that."


class FileTooHeavy(Malformed):
    """It takes too much memory or time to look at this file."""

    fix = "Scan only the pages that are asked for, at 200 to 300 dots per inch, and upload that."
