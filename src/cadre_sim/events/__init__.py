"""Demand from above: what departments ask of offices, and when.

SimPy is the clock of events and their queue discipline. It is used where something waits for something: tours for
inspection teams, cases of the watchdog for an investigator, evaluations for the end of their season, departments for
their next review. It does nothing for each cadre or office; what a day brings ends as arrays, which the compiled
workday reads.

Each process is a module and takes the context that all share; ``run`` starts them. Nothing imports upwards::

    run > dispatch, evaluations, opening, reviews, watchdog > findings, joint > context
        > actors, bookings, departments, extra, inbox, log, orders, plan, seasons, teams
"""
