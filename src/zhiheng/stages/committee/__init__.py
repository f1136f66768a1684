"""The committee's meeting, ballots and proposed winners (I1, I2)."""
