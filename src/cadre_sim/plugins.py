"""What installed packages bring by entry points: measures, and rules of allocation."""

from __future__ import annotations

from importlib.metadata import entry_points

from cadre_sim.errors import InputError, UserError


def load_installed(what: str) -> None:
    """Import what installed packages bring.

    Args:
        what: the kind of thing, which is also the end of the name of the group: ``measures`` or ``rules``.

    Raises:
        InputError: a package cannot be loaded; says which, and why.
    """
    for entry in entry_points(group=f"cadre_sim.{what}"):
        try:
            entry.load()
        except UserError:
            raise
        except Exception as error:  # it is somebody else's code
            package = entry.dist.name if entry.dist else entry.name
            reason = f"{type(error).__name__}: {error}"
            raise InputError(
                f"{what} of the installed package {package} ({entry.value}) cannot be loaded: {reason}"
            ) from error
