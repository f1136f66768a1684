"""Opinion, approval, publicity and notification of those going on (F4–F6)."""
