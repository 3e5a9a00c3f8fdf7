"""What a run leaves: tables, metrics, the data dictionary, and files that are whole or not there."""
