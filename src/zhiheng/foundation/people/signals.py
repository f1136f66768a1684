"""What happens to accounts, for the faces to follow up: confirmed e-mails, mails with links."""

from __future__ import annotations

from django.dispatch import Signal

#: An account was opened, inside the act's transaction. account; proved: whether its e-mail was shown to be its holder's.
opened = Signal()
#: An invitation stands: sent once the act is saved. invitation, with its token in `invitation.token`.
invited = Signal()
#: A second factor was lost and is taken away, inside the act's transaction. account.
factor_lost = Signal()
