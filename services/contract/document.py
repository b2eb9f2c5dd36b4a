"""A version of the contract as a document, sealed; what it says depends on its terms alone."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst
from babel import Locale

from services.contract.domain.contract import Contract
from services.contract.domain.edition import Edition
from services.contract.domain.upload import code_of
from services.contract.seals import Fields, seal
from services.contract.settings import ContractSettings

CHINESE = (
    *("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun", "Noto Sans CJK SC"),
    *("Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei"),
    *("WenQuanYi Zen Hei", "Droid Sans Fallback"),
)
"""Fonts with Chinese signs, the best for a contract first."""

LATIN = "Libertinus Serif"
"""Comes with Typst."""

REASON = {"en": "Contract {number}, version {version}", "zh": "合同 {number}，第 {version} 版"}


class NoChineseFont(Exception):
    """Contract {number} holds Chinese, and no font here does: install one, as fonts-noto-cjk."""

    def __init__(self, number: str) -> None:
        super().__init__((self.__doc__ or "").format(number=number))


class Printer:
    """Turns terms into PDFs; finding the fonts and reading the template is done once."""

    def __init__(self, template: Path, fonts: Path | None) -> None:
        found = typst.Fonts(font_paths=[str(fonts)] if fonts else [])
        self.chinese = [name for name in CHINESE if name in found.families()]
        self._compiler = typst.Compiler(
            str(template / "contract.typ"), root=str(template), font_paths=found
        )
        self._one_at_a_time = Lock()

    def print(self, facts: Mapping[str, Any], timestamp: int) -> tuple[bytes, Fields]:
        """Return the PDF, and where people sign in it."""
        shown = {"contract": json.dumps({**facts, "fonts": [LATIN, *self.chinese]})}
        with self._one_at_a_time:
            pdf = self._compiler.compile(format="pdf", sys_inputs=shown, timestamp=timestamp)
            fields = json.loads(self._compiler.query("<field>", field="value"))
        assert isinstance(pdf, bytes)
        return pdf, fields


def sealed(contract: Contract, settings: ContractSettings) -> bytes:
    """Return the current edition as a sealed PDF; some 50 ms. Raises NoSeal or NoChineseFont."""
    edition, language = contract.edition, language_of(contract, settings)
    printer = _printer(settings.template, settings.fonts)
    shown = facts(contract, language)
    if not printer.chinese and _is_chinese(json.dumps(shown, ensure_ascii=False)):
        # Somebody may have installed one since it was looked for.
        _printer.cache_clear()
        printer = _printer(settings.template, settings.fonts)
        if not printer.chinese:
            raise NoChineseFont(contract.contract_no)
    pdf, fields = printer.print(shown, int(edition.created_at.timestamp()))
    reason = REASON[language].format(number=contract.contract_no, version=edition.number)
    return seal(settings.seal, settings.timestamp_url).put_on(pdf, fields, reason=reason)


def facts(contract: Contract, language: str) -> dict[str, Any]:
    """Return what the template is given: the terms, and what stands around them."""
    edition = contract.edition
    return {
        **edition.terms,
        "language": language,
        "country": _country(edition.terms, language),
        "addendum": edition.addendum,
        "differences": edition.changed if edition.addendum else [],
        "date": f"{edition.created_at:%Y-%m-%d}",
        "valid_until": f"{edition.valid_until:%Y-%m-%d %H:%M} UTC",
        "digest": edition.content_digest.removeprefix("sha256:"),
        "codes": [_drawn(contract, edition, last=last) for last in (False, True)],
    }


def language_of(contract: Contract, settings: ContractSettings) -> str:
    """Return what the contract is written in."""
    if settings.language != "auto":
        return settings.language
    return "zh" if _is_chinese(contract.enterprise_legal_name) else "en"


def _country(terms: Mapping[str, Any], language: str) -> str:
    """Return the country it is delivered to, by its name; empty if it is delivered nowhere."""
    code = (terms["delivery"].get("address") or {}).get("country_code", "")
    return str(Locale(language).territories.get(code, code))


def _drawn(contract: Contract, edition: Edition, *, last: bool) -> str:
    """Return the code of a page as a picture."""
    code = segno.make_qr(code_of(edition, contract.contract_no, last=last), error="m")
    return str(code.svg_inline(border=0))


def _is_chinese(text: str) -> bool:
    return any("\u2e80" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff" for sign in text)


@cache
def _printer(template: Path, fonts: Path | None) -> Printer:
    return Printer(template, fonts)
