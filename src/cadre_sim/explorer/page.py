# /// script
# [tool.marimo.display]
# theme = "light"
# ///
"""The explorer's page: its cells wire controls to what the package does, and do nothing else."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="full", app_title="cadre_sim explorer")

with app.setup:
    import time
    from contextlib import suppress

    import marimo as mo

    from cadre_sim.errors import CadreSimError
    from cadre_sim.explorer import charts, day, markup, served, state
    from cadre_sim.explorer import tiles as top
    from cadre_sim.explorer.document import documents
    from cadre_sim.explorer.following import Look, dates_of, look_of, nearest_day, offices_of, place_of
    from cadre_sim.explorer.groups import name_of
    from cadre_sim.explorer.progress import Pace, stage_of, wait_for
    from cadre_sim.figures.source import result_of
    from cadre_sim.labels.names import OFFICE_KINDS
    from cadre_sim.language import languages, spoken


@app.cell
def opened():
    board, laboratory = served.current()
    query = dict(mo.query_params().to_dict())
    say = spoken(query.get("lang"))
    start = board.settings(query)
    visitor = laboratory.visitor()
    return board, query, say, start, visitor


@app.cell
def stages():
    get_stage, set_stage = mo.state(0)
    get_pending, set_pending = mo.state(False)
    latest = {"result": None}
    return get_pending, get_stage, latest, set_pending, set_stage


@app.cell
def elements(board, say, start):
    _all = {}
    for _lever in board.levers:
        _all[_lever.name] = mo.ui.switch(start.values[_lever.name], label=name_of(_lever, say))
        for _knob in _lever.knobs:
            _all[_knob.path] = mo.ui.slider(
                _knob.low,
                _knob.high,
                step=_knob.step,
                value=start.values[_knob.path],
                label=markup.knob_label(_knob, say),
                debounce=True,
                show_value=True,
                full_width=True,
            )
    _counts = {str(n): n for n in state.REPLICATES}
    _all["replicates"] = mo.ui.dropdown(
        _counts, value=str(start.replicates), label=say("paired replicates"), allow_select_none=False
    )
    _all["seed"] = mo.ui.number(0, state.MOST_SEED, step=1, value=start.seed, label=say("seed"), debounce=True)
    controls = mo.ui.dictionary(_all)
    return (controls,)


@app.cell
def ask(board, controls, visitor):
    settings = board.settings_of(controls.value)
    problem, asked = None, None
    try:
        asked = visitor.ask(board.paired(settings), settings.seed, settings.replicates)
        wait_for(asked)
    except CadreSimError as _error:
        problem = str(_error)
    shown, pace = {"replicates": 0}, Pace()
    return asked, pace, problem, settings, shown


@app.cell
def head(board, say, settings):
    _others = {each: board.link(settings, lang=each.name) for each in languages().values() if each != say}
    _none = state.Settings({n: False if v is True else v for n, v in settings.values.items()})
    mo.Html(
        markup.header(
            board,
            say,
            _others,
            board.link(board.defaults, lang=say.name),
            board.link(_none, lang=say.name),
        )
    )
    return


@app.cell
def ticking(get_pending):
    tick = mo.ui.refresh(options=["1s"], default_interval="1s") if get_pending() else None
    mo.Html(f'<div class="cs-tick" aria-hidden="true">{tick}</div>' if tick is not None else "")
    return (tick,)


@app.cell
def progress(asked, get_pending, pace, problem, say, set_pending, set_stage, settings, shown, tick):
    tick
    _html = ""
    if asked is not None:
        try:
            _stage = stage_of(asked)
            _pending = _stage < settings.replicates
            if _stage > shown["replicates"] > 0 or (_stage and not shown["replicates"] and get_pending()):
                set_stage(time.monotonic())
            if _pending != get_pending():
                set_pending(_pending)
            _still = pace.still(asked.runs_done[0]) if _pending else 0
            _html = markup.status(asked.runs_done, _stage, settings.replicates, say, _still)
        except CadreSimError as _error:
            if get_pending():
                set_pending(False)
            _html = markup.alert(say(str(_error)))
    mo.Html(_html if problem is None else markup.alert(problem))
    return


@app.cell
def results(asked, get_stage, latest, shown):
    get_stage()
    stale = True
    if asked is not None:
        # A run that cannot be had is told where progress is.
        with suppress(CadreSimError):
            shown["replicates"] = stage_of(asked)
            if shown["replicates"]:
                latest["result"] = result_of(asked.comparison(shown["replicates"]))
                stale = False
    # Until the first replicates of new settings are there, what was shown last stays, dimmed.
    result = latest["result"]
    return result, stale


@app.cell
def tiles(result, say, stale):
    mo.Html("" if result is None else markup.tiles(top.tiles(result, say), result.replicates, stale, say))
    return


@app.cell
def measures(board, controls, say):
    mo.Html(markup.controls(board, lambda name: f"{controls.elements[name]}", say))
    return


@app.cell
def figures(result, say, stale):
    _html = ""
    # A place of township governments alone has no hours to draw: the figures are of villages and communities.
    if result is not None and result.has_villages:
        _highest = charts.highest(result)
        _pair = "".join(
            f'<div class="cs-chart">{mo.as_html(charts.hours(result, arm, say, _highest)).text}</div>'
            for arm in result.arms
        )
        _html = markup.legend(say) + "".join(
            (
                markup.figure(
                    say("Effect on hours by activity"),
                    mo.as_html(charts.effects(result, say)).text,
                    charts.effects_table(result, say),
                    say,
                    say("bar: mean effect; line: its 95% interval over {count} replicates", count=result.replicates),
                ),
                markup.figure(
                    say("A cadre's week"),
                    mo.as_html(charts.week(result, say)).text,
                    charts.week_table(result, say),
                    say,
                    say("in the bars: hours per cadre-week"),
                ),
                markup.figure(
                    say("Hours by activity over time"),
                    f'<div class="cs-pair">{_pair}</div>',
                    charts.hours_table(result, say),
                    say,
                    say("hours per cadre-week, by week; dashed: the reform starts"),
                ),
            )
        )
    mo.Html(f'<div class="cs-figures{" cs-stale" if stale else ""}">{_html}</div>')
    return


@app.cell
def places(board, query, say):
    dates = dates_of(board.arm.reform)
    _offices = offices_of(board.arm.baseline, 1)
    _first = look_of(query, dates, len(_offices), board.look_from)
    _labels = {f"{n + 1}. {name} ({say(OFFICE_KINDS[kind])})": n for n, (name, kind) in enumerate(_offices)}
    office = mo.ui.dropdown(
        _labels,
        value=list(_labels)[_first.office],
        label=say("office"),
        allow_select_none=False,
        searchable=len(_labels) > 60,
    )
    when = mo.ui.date(dates[0], dates[-1], value=dates[_first.day], label=say("date"))
    get_place, set_place = mo.state(_first.place)
    get_day, set_day = mo.state(False)
    latest_days = {"days": None}
    return dates, get_day, get_place, latest_days, office, set_day, set_place, when


@app.cell
def day_ticking(get_day):
    day_tick = mo.ui.refresh(options=["1s"], default_interval="1s") if get_day() else None
    mo.Html(f'<div class="cs-tick" aria-hidden="true">{day_tick}</div>' if day_tick is not None else "")
    return (day_tick,)


@app.cell
def followed(asked, dates, day_tick, get_day, latest_days, set_day, settings, visitor, when):
    day_tick
    number = nearest_day(dates, when.value) if when.value else 0
    waiting = False
    if asked is not None:
        _futures = {
            arm: visitor.follow(scenario, settings.seed, number, arm)
            for arm, scenario in (("baseline", asked.arm.baseline), ("reform", asked.arm.reform))
        }
        # Not for long: while a cell waits, no slider is heard.
        _end = time.monotonic() + (0.0 if get_day() else 0.3)
        while time.monotonic() < _end and not all(f.done() for f in _futures.values()):
            time.sleep(0.02)
        waiting = not all(f.done() for f in _futures.values())
        if not waiting:
            with suppress(CadreSimError):
                latest_days["days"] = {arm: f.result() for arm, f in _futures.items()}
        if waiting != get_day():
            set_day(waiting)
    days = latest_days["days"]
    return days, number, waiting


@app.cell
def whom(days, get_place, office, say, set_place):
    cadre = None
    if days is not None:
        _cadres = max((d[office.value].cadres for d in days.values()), key=len)
        _labels = {day.cadre_label(c, n, say): n for n, c in enumerate(_cadres)}
        cadre = mo.ui.dropdown(
            _labels,
            value=list(_labels)[min(get_place(), len(_labels) - 1)],
            label=say("cadre"),
            on_change=set_place,
            allow_select_none=False,
        )
    return (cadre,)


@app.cell
def one_day(cadre, dates, days, number, office, say, waiting, when):
    _title = say("One cadre, one day")
    _choose = "".join(f"{each}" for each in (office, cadre, when) if each is not None)
    if days is None:
        _wait = say("Simulating this day.")
        _body = f'<p class="cs-note">{_wait}</p>'
    else:
        look = Look(office.value, cadre.value, number)
        _pair = {arm: place_of(found, look) for arm, found in days.items()}
        _rows = day.bars(_pair, say)
        _chart = mo.as_html(charts.day(_rows, say)).text if len(_rows) else ""
        _body = day.followed(_pair, _chart, say)
        _body = f'<div class="cs-stale">{_body}</div>' if waiting else _body
    mo.Html(markup.one_day(_title, dates[number], _choose, _body, say))
    return


@app.cell
def keep(board, get_place, number, dates, office, problem, say, settings):
    _html = ""
    if problem is None:
        _files = documents(board, settings)
        _downloads = "".join(
            f"{mo.download(f.text.encode(), filename=f.name, mimetype='application/yaml', label=label)}"
            for f, label in (
                (_files.scenario, say("Download this scenario (YAML)")),
                (_files.baseline, say("Download its baseline (YAML)")),
            )
            if f is not None
        )
        _link = board.link(
            settings, office=office.value + 1, cadre=get_place() + 1, date=dates[number].isoformat(), lang=say.name
        )
        _html = markup.share(_link, _files.command, _downloads, say)
    mo.Html(_html)
    return


if __name__ == "__main__":
    app.run()
