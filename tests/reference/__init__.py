"""The whole model a second time, for clarity alone, from docs/model.md: the proof that the fast one is right."""
