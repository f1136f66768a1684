"""Zhiheng 质衡: the platform on which a government quality award is run."""

__version__ = "0.1.0"
