"""What every stage stands on: people, parties, packs, cycles, files, the journal, acts, notices and the clock."""
