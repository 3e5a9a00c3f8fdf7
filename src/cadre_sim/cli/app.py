"""The command line: parses, calls, prints. Heavy imports stand inside the commands, so that help answers at once."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cadre_sim.cli.analyse import analyse
from cadre_sim.cli.calibrate import calibrate
from cadre_sim.cli.compare import compare
from cadre_sim.cli.diff import diff
from cadre_sim.cli.experiment import experiment, results
from cadre_sim.cli.explore import explore
from cadre_sim.cli.list import listing
from cadre_sim.cli.new import new
from cadre_sim.cli.report import report
from cadre_sim.cli.run import run
from cadre_sim.cli.schema import schema
from cadre_sim.cli.selftest import selftest
from cadre_sim.cli.validate import validate
from cadre_sim.controls import escaped
from cadre_sim.errors import UserError
from cadre_sim.terminal.encoding import print_anywhere
from cadre_sim.terminal.streams import open_streams

_LIMITS = (errno.EMFILE, errno.ENFILE, errno.EAGAIN)
"""Of open files, and of processes."""
app = typer.Typer(
    name="cadre-sim",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (run, compare, validate, diff, schema, new, report, explore, calibrate, results, selftest):
    app.command()(command)
for name, group in (("experiment", experiment), ("analyse", analyse), ("list", listing)):
    app.add_typer(group, name=name)


@app.callback()
def options(
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Python file with allocation rules that scenarios may name.")
    ] = None,
) -> None:
    """A policy laboratory for burden reform at the grassroots of government."""
    if rules is not None:
        from cadre_sim.rules import load_rules

        load_rules(rules)


def main() -> None:
    """Run the command line; a user's mistake ends with a message and exit code 2."""
    open_streams()
    print_anywhere()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except UserError as error:
        print(escaped(f"cadre-sim: {error}" if "\n" not in str(error) else str(error)), file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("cadre-sim: interrupted; nothing was written", file=sys.stderr)
        raise SystemExit(130) from None
    except MemoryError:
        print("cadre-sim: out of memory; nothing was written", file=sys.stderr)
        raise SystemExit(2) from None
    except BrokenPipeError:
        # Whoever read our output has had enough (head, a closed pager).
        _leave(0)
    except OSError as error:
        # Results go through ResultFolder, which says so itself: this is what we print to.
        what = "a limit of this process is reached" if error.errno in _LIMITS else "the output cannot be written"
        print(f"cadre-sim: {what}: {error.strerror or error}", file=sys.stderr)
        _leave(2)


def _leave(code: int) -> None:
    """Leave without another try to write what is still in the buffer of stdout."""
    sys.stderr.flush()
    os._exit(code)
