"""What waits for whom, until when, on which article: the heart of a home page and of the page of an entry or a cycle (L1)."""

from zhiheng.process.agenda.asking import counts, next_of, pending, summary, waiting
from zhiheng.process.agenda.todo import Todo

__all__ = ["Todo", "counts", "next_of", "pending", "summary", "waiting"]
