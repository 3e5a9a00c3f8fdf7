"""The page on which one moves measures and sees what changes."""
