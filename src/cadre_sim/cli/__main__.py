"""``python -m cadre_sim.cli`` is the command ``cadre-sim``."""

from cadre_sim.cli.app import main

main()
