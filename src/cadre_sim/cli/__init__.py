"""The command line: a file a command, which parses, calls and prints; nothing is computed here.

Heavy imports stand inside the commands, so that ``--help`` answers at once. Tables and sentences are made in
:mod:`cadre_sim.terminal`.
"""
