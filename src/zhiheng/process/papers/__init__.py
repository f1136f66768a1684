"""The award's documents: what each of them says, from the records of a cycle (C1, E2, F1–F5, G1, G4, H3, I1, I2, J1–J3)."""
