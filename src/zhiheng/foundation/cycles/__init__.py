"""Award cycles."""
