"""The pages: each gathers what `selectors` holds to be public and draws it. GET only, no cookie, nothing but reading."""
