"""Lotteries over panels: the solver, and what it is asked."""
