"""A Scenario becomes columns: offices, cadres, areas, and the working days of a run."""
