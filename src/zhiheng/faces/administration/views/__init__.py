"""The pages of administration, by what they administer."""
