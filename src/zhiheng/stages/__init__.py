"""The stages of a cycle in the order of the rules; each reads earlier ones, never later ones."""
