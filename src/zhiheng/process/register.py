"""Imports everything that declares acts, so that the register is complete."""

from zhiheng.foundation.acts import REGISTER
from zhiheng.foundation.administration import calendar, cycles, invitations, locks, people, units
from zhiheng.foundation.publicity import services as publicity
from zhiheng.process import exporting, services
from zhiheng.stages.application import services as application
from zhiheng.stages.call import services as call
from zhiheng.stages.commendation import services as commendation
from zhiheng.stages.committee import services as committee
from zhiheng.stages.nomination import services as nomination
from zhiheng.stages.panel import library
from zhiheng.stages.panel import services as panel
from zhiheng.stages.qualification import services as qualification
from zhiheng.stages.recommendation import services as recommendation
from zhiheng.stages.review import services as review
from zhiheng.stages.shortlist import services as shortlist
from zhiheng.stages.sitevisit import services as sitevisit
from zhiheng.stages.supervision import services as supervision
from zhiheng.stages.survey import services as survey

__all__ = [
    "REGISTER", "application", "calendar", "call", "commendation", "committee", "cycles", "exporting", "invitations", "library", "locks",
    "nomination", "panel", "people", "publicity", "qualification", "recommendation", "review", "services", "shortlist", "sitevisit",
    "supervision", "survey", "units",
]  # fmt: skip
