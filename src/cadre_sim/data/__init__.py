"""Data that goes with the package: evidence, targets, catalogues of messages, a template, fonts. No code."""
