"""Every invariant of every part."""

from core.log import checks as log
from crm.messaging import checks as messages
from loyalty.ledger import checks as ledger

CHECKS = (*log.CHECKS, *ledger.CHECKS, *messages.CHECKS)
