"""What fulfillment refuses of licences, and why."""

from shared.errors import Disallowed, Malformed, NotFound, Outdated, Unavailable


class LicenseIssueNotFound(NotFound):  # A7
    """There is no issue of licences {license_issue}."""

    fix = "It is opened when its order is paid in full."


class LicenseIssueChanged(Outdated):
    """Issue of licences {license_issue_no} changed since you read it."""


class MoreThanPaid(Disallowed):  # I7
    """To issue {wanted} is more than the {left} paid and not issued yet."""

    fix = "Issue at most {left}; for more the customer orders again."


class LicenseIssueClosed(Disallowed):
    """Issue of licences {license_issue_no} is closed: its order ended."""

    fix = "Nothing has to be done; codes that were not opened stay sealed."


class NothingSealed(Disallowed):
    """There is no code to be opened in {license_issue_no}: {opened} of {issued} were opened."""

    fix = "Wait until codes are issued, or ask your business manager to release opened ones."


class NothingOpened(Disallowed):
    """No code of {license_issue_no} was opened and is not released yet."""

    fix = "Nothing has to be done: the buyer can open what is issued."


class NotOpenToYou(Disallowed):
    """No code of {license_issue_no} is open to you."""

    fix = "Open them; if they were opened, ask production or your business manager to release them."


class NoCodes(Malformed):
    """There is no code to issue."""

    fix = "Say how many to generate, or send a file with a code in each row."


class TooManyCodesAtOnce(Malformed):
    """{count} codes are too many at once; {most} are issued in one step."""

    fix = "Issue them in several steps."


class CodesUnreadable(Malformed):
    """The file can be read neither as text in UTF-8 nor as CSV."""

    fix = "Save it from the spreadsheet program as CSV UTF-8 and send it again."


class CodeUnusable(Malformed):
    """Row {row} has no code of 12 to 128 letters, digits and signs without spaces."""

    fix = "Mend the row, or leave it out; a code may have the signs - . _ : / + and =."


class CodeRepeated(Malformed):
    """The code in row {row} stands in row {earlier} already."""

    fix = "Every licence has a code of its own: leave one of the rows out."


class CodeIssuedBefore(Disallowed):
    """The code in row {row} was issued before."""

    fix = "Every licence has a code of its own: send codes that were never issued."


class NoLicenseKey(Unavailable):
    """Codes can be neither issued nor opened for now: there is no key they are sealed with."""

    fix = "Mount a folder made by `python -m services.fulfillment.license_keys` as license_keys."
