"""The office's cycle page: board, calendar, charts, exports."""
