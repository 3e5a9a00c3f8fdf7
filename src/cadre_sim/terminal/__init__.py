"""All that is printed: tables that fit 80 columns, sentences, and progress.

Numbers come from results; nothing is computed here that another room could want.
"""
