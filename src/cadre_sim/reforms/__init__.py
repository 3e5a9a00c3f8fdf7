"""Measures, one file each, and how they change the Policy table. Every module here is found by itself.

A measure says what it changes and for whom; when things happen is decided in :mod:`cadre_sim.events`.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
