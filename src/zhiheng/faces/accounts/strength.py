"""What a password must be: Django's own checks, in our words (Django's Chinese ones are incomplete)."""

from __future__ import annotations

from django.contrib.auth import password_validation as django
from django.utils.translation import gettext


class Long(django.MinimumLengthValidator):
    """Long enough."""

    def get_error_message(self) -> str:
        """The reason."""
        return gettext("密码太短，至少须有 %(least)d 个字符。") % {"least": self.min_length}


class Uncommon(django.CommonPasswordValidator):
    """Not one of the twenty thousand that are tried first."""

    def get_error_message(self) -> str:
        """The reason."""
        return gettext("该密码过于常见，容易被猜中。")


class NotNumeric(django.NumericPasswordValidator):
    """Not digits only."""

    def get_error_message(self) -> str:
        """The reason."""
        return gettext("密码不能全是数字。")


class Unlike(django.UserAttributeSimilarityValidator):
    """Not like the user name or the e-mail."""

    def get_error_message(self) -> str:
        """The reason."""
        return gettext("密码与用户名或邮箱过于相近。")
