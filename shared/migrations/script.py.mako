"""${message[0].upper() + message[1:]}."""

import sqlalchemy as sa
from alembic import op
% if imports:
${imports}
% endif

from shared.migrations.operations import infrastructure, protect, share

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    % if not down_revision:
    infrastructure(op, ${repr(config.attributes["service"])})
    % endif
    ${upgrades if upgrades else "pass"}
