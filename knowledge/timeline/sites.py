"""Where notices stand for people to read: what a notice's number comes behind."""

from __future__ import annotations

FIND_A_TENDER = "https://www.find-tender.service.gov.uk/Notice/"
CONTRACTS_FINDER = "https://www.contractsfinder.service.gov.uk/notice/"
