"""One office and one cadre on one day, in words, tables and a figure."""

from __future__ import annotations

from html import escape

import pandas as pd

from cadre_sim.activities import ACTIVITIES, GROUPS
from cadre_sim.explorer.following import CadreDay, OfficeDay
from cadre_sim.explorer.markup import folded, frame
from cadre_sim.labels import names
from cadre_sim.language import Language

Pair = dict[str, tuple[OfficeDay, CadreDay] | None]
"""An office and a cadre by arm; None where an arm has no such place."""


def cadre_label(cadre: CadreDay, place: int, say: Language) -> str:
    """A cadre in a list: the model has no names."""
    return say("{number}: {rank}", number=place + 1, rank=say(names.RANKS[cadre.rank]))


def bars(pair: Pair, say: Language) -> pd.DataFrame:
    """Hours of the day by group of activities, a row an arm."""
    rows = []
    for arm, found in pair.items():
        if found is not None:
            hours = dict(zip(ACTIVITIES, found[1].hours, strict=True))
            rows.append({"arm": say(names.ARMS[arm])} | {g: sum(hours[a] for a in own) for g, own in GROUPS.items()})
    return pd.DataFrame(rows)


def hours(pair: Pair, say: Language) -> str:
    """Hours of the day by activity in both arms; activities without any are left out."""
    found = {say(names.ARMS[arm]): each[1].hours for arm, each in pair.items() if each is not None}
    table = pd.DataFrame(found, index=pd.Index(list(ACTIVITIES), name=say("activity")))
    table = table[(table > 0).any(axis=1)]
    order = [a for group in GROUPS.values() for a in group if a in table.index]
    table = table.loc[order].rename(index=lambda a: say(names.ACTIVITIES[a].name)).rename_axis(say("activity"))
    table.loc[say("all hours")] = table.sum()
    return frame(table, say, say("Hours by activity"))


def minds(pair: Pair, say: Language) -> str:
    """How the cadre is in the evening, in a sentence an arm."""
    lines = []
    for arm, found in pair.items():
        name = say(names.ARMS[arm])
        if found is None:
            lines.append(say("{arm}: nobody has this place.", arm=name))
        elif not found[1].present:
            lines.append(say("{arm}: away on this day.", arm=name))
        else:
            c = found[1]
            lines.append(
                say(
                    "{arm}: motivation {motivation}, caution {caution}, fatigue {fatigue} (each 0 to 1); "
                    "overtime {overtime} h.",
                    arm=name,
                    motivation=say.number(c.motivation, 2),
                    caution=say.number(c.caution, 2),
                    fatigue=say.number(c.fatigue, 2),
                    overtime=say.number(c.overtime, 2),
                )
            )
    return "".join(f"<li>{escape(line)}</li>" for line in lines)


def office(pair: Pair, say: Language) -> str:
    """What came to the office on the day, and what it owes in the evening, in both arms."""
    say_today, say_owed = say("on this day"), say("owed in the evening")
    arms = {say(names.ARMS[arm]): found[0] for arm, found in pair.items() if found is not None}
    today = pd.DataFrame(
        {name: [say.number(each.today[key], 0) for key in names.OFFICE_DAY] for name, each in arms.items()},
        index=pd.Index([say(text) for text in names.OFFICE_DAY.values()], name=say_today),
    )
    owing = [a for a in ACTIVITIES if any(o.activity == a for each in arms.values() for o in each.owed)]
    owed = pd.DataFrame(
        {name: [_owed(each, a, say) for a in owing] for name, each in arms.items()},
        index=pd.Index([say(names.ACTIVITIES[a].name) for a in owing], name=say_owed),
    )
    return f'<div class="cs-office">{frame(today, say, say_today)}{frame(owed, say, say_owed)}</div>'


def _owed(each: OfficeDay, activity: str, say: Language) -> str:
    for owed in each.owed:
        if owed.activity == activity:
            text = say("{items} items, {hours} h", items=owed.items, hours=say.number(owed.hours, 1))
            return text + (say(", {overdue} overdue", overdue=owed.overdue) if owed.overdue else "")
    return say("nothing")


def followed(pair: Pair, chart: str, say: Language) -> str:
    """All of a day: figure, the cadre's hours, and the office."""
    if all(found is None for found in pair.values()):
        nobody = say("Nobody has this place on this day.")
        return f"<p>{escape(nobody)}</p>"
    title, title_of_office = say("Hours of the day"), say("The office")
    return (
        f'{chart}<ul class="cs-minds">{minds(pair, say)}</ul>'
        + folded(say("Hours by activity"), hours(pair, say), title)
        + f"<h3>{escape(title_of_office)}</h3>{office(pair, say)}"
    )
