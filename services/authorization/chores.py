"""What an operator can do from a terminal."""

import argparse
import sys

from services.authorization.commands import second_step
from services.authorization.commands.accounts import enter_staff
from services.authorization.domain.rules import email_address
from services.authorization.store import Accounts
from shared.caller import STAFF_ROLES, Role
from shared.encryption import EncryptionKeys
from shared.errors import Refusal
from shared.service import Runtime
from shared.storage import EVERYTHING
from shared.tokens import PUBLIC, Keys


def end_two_step(runtime: Runtime, words: list[str]) -> None:
    """Ask somebody for no code any more who lost the device and every recovery code.

    `end-two-step --email …`. Make sure first that it is them. Ends the process with a sentence if
    nobody registered with the address.
    """
    parser = argparse.ArgumentParser(prog="end-two-step", description=end_two_step.__doc__)
    parser.add_argument("--email", required=True)
    given = parser.parse_args(words)
    try:
        # The operator may see the whole database anyway.
        with runtime.database.transaction(EVERYTHING) as tx:
            second_step.end_two_step(tx, Accounts(tx).registered(email_address(given.email)))
    except Refusal as refusal:
        raise SystemExit(f"{refusal} {refusal.remedy}".strip()) from None


def rotate_keys(runtime: Runtime, words: list[str]) -> None:
    """Publish the next keys in the folder of the keys: one signs access tokens in five minutes, one
    encrypts the secrets of devices then, those that are kept already too.

    Nothing has to be restarted. In a cluster the keys are a secret: see `deploy/keys.py`.
    """
    argparse.ArgumentParser(prog="rotate-keys", description=rotate_keys.__doc__).parse_args(words)
    try:
        Keys.rotate(runtime.settings.keys)
        EncryptionKeys.rotate(runtime.settings.keys)
    except OSError as error:
        raise SystemExit(f"The keys cannot be changed: {error}") from None
    sys.stdout.write(f"{runtime.settings.keys / PUBLIC}\n")


def staff(runtime: Runtime, words: list[str]) -> None:
    """Enter one of the vendor's own people, who cannot register; the password comes from stdin.

    `staff --email … --name … --role business_manager [--role …] [--phone …]`. Repeating it corrects
    the entry. Ends the process with a sentence if that cannot be.
    """
    parser = argparse.ArgumentParser(prog="staff", description=enter_staff.__doc__)
    parser.add_argument("--email", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--phone", default="")
    roles = sorted(role.value for role in STAFF_ROLES)
    parser.add_argument("--role", required=True, action="append", choices=roles)
    given = parser.parse_args(words)
    try:
        account = enter_staff(
            runtime,
            email=given.email,
            name=given.name,
            phone=given.phone,
            roles=map(Role, given.role),
            password=sys.stdin.readline().rstrip("\r\n"),
        )
    except Refusal as refusal:
        raise SystemExit(f"{refusal} {refusal.remedy}".strip()) from None
    sys.stdout.write(f"{account}\n")
