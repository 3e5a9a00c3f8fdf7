"""SimPy: what comes from above and when.

SimPy is the clock and the queue discipline of events: it is used where something waits for something (teams, the
watchdog, seasons, reviews) and does no work per office or cadre.
"""
