"""What `regulars check` verifies: the invariants of every part, and a rebuild that must come out the same."""
