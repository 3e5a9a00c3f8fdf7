"""Stands here so that tests in every folder can import :mod:`worlds`: pytest puts the folder of a conftest on the path."""
