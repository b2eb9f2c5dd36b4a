"""What the mails with codes say; in both languages, as nobody is signed in who chose one."""

from dataclasses import dataclass

from services.authorization.domain.one_time import GOOD_FOR, Purpose

_MINUTES = int(GOOD_FOR.total_seconds()) // 60


@dataclass(frozen=True, kw_only=True)
class Words:
    """A mail."""

    subject: str
    text: str


_WORDS = {
    Purpose.VERIFY_ADDRESS: Words(
        subject="{vendor}: your code to verify this address · 邮箱验证码",
        text=(
            "Your code to verify this e-mail address is {code}.\n"
            "It is good for {minutes} minutes. If you did not register, do nothing.\n\n"
            "您的邮箱验证码是 {code}，{minutes} 分钟内有效。如果您没有注册，请忽略此邮件。\n"
        ),
    ),
    Purpose.RESET_PASSWORD: Words(
        subject="{vendor}: your code for a new password · 重设密码验证码",
        text=(
            "Your code to choose a new password is {code}.\n"
            "It is good for {minutes} minutes. If you did not ask for it, do nothing: your password"
            " stays as it is.\n\n"
            "您重设密码的验证码是 {code}，{minutes} 分钟内有效。"
            "如果不是您本人申请，请忽略此邮件，您的密码不会改变。\n"
        ),
    ),
}


def mail(purpose: Purpose, *, code: str, vendor: str) -> Words:
    """Return the mail that brings a code."""
    spaced = f"{code[:4]} {code[4:]}".strip()
    facts = {"code": spaced, "minutes": _MINUTES, "vendor": vendor}
    words = _WORDS[purpose]
    return Words(subject=words.subject.format(**facts), text=words.text.format(**facts))
