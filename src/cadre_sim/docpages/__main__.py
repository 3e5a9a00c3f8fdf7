"""Write all that is generated from declarations: ``python -m cadre_sim.docpages FOLDER``, the folder of the project."""

import sys
from pathlib import Path

from cadre_sim.docpages.generated import write

if len(sys.argv) != 2:
    sys.exit("usage: python -m cadre_sim.docpages FOLDER")
write(Path(sys.argv[1]))
