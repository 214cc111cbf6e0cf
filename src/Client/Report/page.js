// Lays out 'report' in the element 'page', with links in 'contents'. All numbers come from it; nothing is computed but means
// of what is shown. It is the body of a function with those arguments and two more: 'wanted' names the parts, null: all;
// 'kept' has the charts that are drawn already, by title, to be brought up to date in place; null: there are none.
const results = report.results;
const rows = results.configurations || [];
const ranked = rows.filter(row => row.rank);
// Values of smaller budgets are shown apart: no line, no table and no best of them has a part in those of whole trainings.
const partial = rows.filter(row => !row.rank && row.mean != null);
const stoppedNote = partial.length === 0 ? '' : ' Hollow: ' + (partial.every(row => row.stopped) ? 'stopped by the schedule' : 'stopped, or not all folds trained')
  + ', with what it had by then.';
const objectives = results.objectives || [];

// Okabe and Ito's colours, which colour-blind readers tell apart; symbols and dashes tell lines apart in grey print.
const colorOf = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const turning = ['--ink', '--paper', '--soft', '--first', '--grid'];
let [ink, paper, soft] = turning.map(colorOf);
const colors = [colorOf('--first'), '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', ink, '#8a8a00'];
const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x', 'star', 'triangle-down'];
const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'];
const style = index => ({ color: colors[index % colors.length], symbol: symbols[index % symbols.length],
  dash: dashes[index % dashes.length] });

const words = name => name.replaceAll('_', ' ');
const metric = words(results.metric);
const objectiveName = name => name === 'multiply_adds' ? 'multiply-adds' : words(name);
const isCost = name => name === 'weights' || name === 'multiply_adds';
const objectiveOf = (row, name) => name === results.metric ? row.mean : ((row.objectives || {})[name] || {}).mean;
const objectiveShown = (row, name) => isCost(name) ? count(objectiveOf(row, name)) : four(objectiveOf(row, name));
const isChosen = row => results.chosen ? results.chosen.configuration === row.configuration : row.rank === 1;
const withSpread = report.repetition ? ', with its spread over ' + report.repetition : '';
const perFold = results.folds > 0 ? 's/fold' : 's';
const count = value => value == null ? '-' : value.toLocaleString('en-US');
// As Figures writes them in the terminal and in the sentences of this page.
const power = (value, places) => value.toExponential(places).replace(/\.?0*e\+?/, 'e');
const four = value => value == null ? '-' : Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 5e-5)
  ? power(value, 3) : value.toFixed(4);
const seconds = value => value == null ? '-' : value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1)
  : value >= 0.9995 ? value.toFixed(2) : value === 0 || value >= 0.00995 ? value.toFixed(3) : value < 1e-5 ? power(value, 1) : value.toPrecision(2);
const valueOf = (row, name) => name === 'architecture' ? row.architecture : row.parameters[name];
const shown = value => value == null ? '' : typeof value !== 'number' || Number.isInteger(value) ? String(value)
  : Math.abs(value) >= 1e-4 && Math.abs(value) < 1e5 ? String(Number(value.toPrecision(5))) : power(value, 4);

// Charts take <i> and &amp; for their own: what others wrote is told them so that it is shown as it is.
const plain = text => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const plainValue = value => typeof value === 'string' ? plain(value) : value;
const nameOf = row => plain(report.names[row.configuration]);
// Names in their order, with numbers in theirs: mlp-5 before mlp-10, 0.25 before 0.3.
const tokensOf = text => String(text).match(/\d+(?:\.\d+)?|[^]/g) || [];
const byName = (a, b) => {
  const [left, right] = [tokensOf(a), tokensOf(b)];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [x, y] = [left[i].toUpperCase(), right[i].toUpperCase()];
    const order = /^\d/.test(x) && /^\d/.test(y) ? x - y : x < y ? -1 : x > y ? 1 : 0;
    if (order) return order;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
};

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'onclick' || name === 'oninput' || name === 'onchange') element[name] = value;
    else if (value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

function section(id, title) {
  const element = make('section', { id }, make('h2', {}, title));
  page.append(element);
  contents.append(make('a', { href: '#' + id }, title));
  return element;
}

function chart(parent, title, traces, layout, note) {
  const plot = (kept && kept.get(title)) || make('div', { class: 'chart', role: 'group' });
  plot.setAttribute('aria-label', title + (note ? '. ' + note : ''));
  if (kept) kept.set(title, plot);
  parent.append(make('figure', {}, make('h3', {}, title), plot, note ? make('figcaption', {}, note) : null));
  const defaults = {
    font: { family: 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif', size: 12, color: ink },
    margin: { l: 74, r: 16, t: 30, b: 56 }, height: 360, hovermode: 'closest', paper_bgcolor: paper, plot_bgcolor: paper, uirevision: 'kept',
    legend: { orientation: 'h', y: -0.22, font: { size: 11 } }, colorway: colors,
  };
  const axis = { gridcolor: colorOf('--grid'), zeroline: false, linecolor: '#8c959f' };
  const merged = { ...defaults, ...layout };
  // Only names need more room than numbers; with numbers too, plotly may never settle.
  // More numbers would be turned, into the axis' title.
  const isNarrow = (plot.clientWidth || 460) < 420;
  merged.xaxis = { ...axis, nticks: isNarrow ? 4 : 6, tickangle: (layout.xaxis || {}).tickmode === 'array' || (layout.xaxis || {}).type === 'category' ? 'auto' : 0, automargin: (layout.xaxis || {}).type === 'category', ...layout.xaxis };
  merged.yaxis = { ...axis, automargin: (layout.yaxis || {}).type === 'category', ...layout.yaxis };
  // What cannot be greater than 1 has no number above it; the room above is less than a tick's.
  if (endsWithOne((merged.yaxis.title || {}).text)) {
    merged.yaxis.autorangeoptions = { clipmax: justAboveOne(least(traces.flatMap(trace => trace.y || []).filter(Number.isFinite))) };
  }
  // Room for the legend below the axis' title: plotly gives every name as much as the widest.
  const named = traces.filter(trace => trace.name && trace.showlegend !== false);
  if (named.length > 1 && merged.showlegend !== false) {
    const widest = most(named.map(trace => 46 + 6.4 * trace.name.replace(/&(lt|gt|amp);/g, ' ').length));
    const lines = Math.ceil(named.length / Math.max(1, Math.floor(((plot.clientWidth || 460) - 90) / widest)));
    merged.margin = { ...merged.margin, b: 56 + 19 * lines };
    merged.height += 19 * (lines - 1);
    merged.legend = { ...merged.legend, yanchor: 'top', y: -50 / (merged.height - merged.margin.t - merged.margin.b) };
  }
  try {
    (kept ? Plotly.react : Plotly.newPlot)(plot, traces, merged, { responsive: true, displaylogo: false,
      modeBarButtonsToRemove: ['lasso2d', 'select2d'], toImageButtonOptions: { format: 'svg', filename: title } });
  } catch (error) {
    plot.textContent = 'This chart cannot be drawn here: ' + error.message;
  }
  return plot;
}

// Draws the charts in the colours that the page has now, and leaves all else of them as it is.
let worn = turning.map(colorOf);
function recolor() {
  const turned = new Map(turning.map((name, index) => [worn[index], colorOf(name)]));
  worn = turning.map(colorOf);
  [ink, paper, soft] = worn;
  const anew = value => JSON.parse(JSON.stringify(value), (_, part) => turned.get(part) ?? part);
  colors.splice(0, colors.length, ...anew(colors));
  for (const plot of page.querySelectorAll('.js-plotly-plot')) Plotly.react(plot, anew(plot.data), anew(plot.layout));
}

function table(columns, items, rowClass) {
  const body = make('tbody');
  const head = make('tr');
  let sorted = null;
  let up = true;
  const fill = list => body.replaceChildren(...list.map(item => make('tr', { class: rowClass ? rowClass(item) : null },
    ...columns.map(column => make('td', { class: column.number ? 'number' : column.wide ? 'text wide' : column.text ? 'text' : null },
      column.show(item))))));
  let now = items;
  const draw = () => {
    let list = now;
    if (sorted) {
      list = [...now].sort((a, b) => {
        const [x, y] = [sorted.value(a), sorted.value(b)];
        if (x == null || y == null) return (x == null) - (y == null);
        return (typeof x === 'string' ? byName(x, y) : x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
      });
    }
    fill(list);
  };
  for (const column of columns) {
    const cell = make('th', { class: column.number ? 'number' : null, scope: 'col' });
    if (column.value) {
      cell.append(make('button', { type: 'button', title: 'Sort by ' + column.title, onclick: () => {
        up = sorted === column ? !up : true;
        sorted = column;
        for (const other of head.children) other.removeAttribute('aria-sort');
        cell.setAttribute('aria-sort', up ? 'ascending' : 'descending');
        draw();
      } }, column.title));
    } else cell.append(column.title);
    head.append(cell);
  }
  draw();
  return { element: make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table, which may scroll' }, make('table', {}, make('thead', {}, head), body)),
    show: list => { now = list; draw(); } };
}

const positive = values => values.length > 0 && values.every(value => value > 0);
// Spreading many values into arguments is more than some browsers take.
const least = values => values.reduce((a, b) => b < a ? b : a, Infinity);
// All metrics that are better where they are larger: shares of samples, F1, areas below curves, R squared.
const endsWithOne = label => label === 'accuracy' || (label === metric && results.goal === 'maximize');
// Where the axis of such a metric ends that begins at low: points at 1 have room.
const justAboveOne = low => 1 + 0.03 * (low < 1 ? 1 - low : 1);
const most = values => values.reduce((a, b) => b > a ? b : a, -Infinity);
const spread = values => most(values) / least(values);
const scale = values => positive(values) && spread(values) > 20 ? 'log' : 'linear';
const groupBy = (items, key) => {
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return groups;
};
// More points than this are slow to draw, and no eye tells them apart.
const drawnMost = 3000;
const better = (a, b) => results.goal === 'maximize' ? a > b : a < b;
// One hold-out split has no spread.
const spreadOf = (list, look) => list.some(row => row.standard_deviation > 0)
  ? { type: 'data', array: list.map(row => row.standard_deviation ?? 0), ...look } : undefined;
// Long names often differ at their ends: a third of what is left is from there.
const short = (text, length = 46) => text.length > length ? text.slice(0, Math.ceil((length - 1) * 2 / 3)) + '\u2026'
  + text.slice(text.length - Math.floor((length - 1) / 3)) : text;

function answer() {
  const part = section('answer', 'Answer');
  part.classList.add('answer');
  for (const sentence of report.answer) part.append(make('p', {}, sentence));
  const tile = (value, name) => make('div', { class: 'tile' }, make('b', {}, value), make('span', {}, name));
  // All tiles of a network are of one: the chosen one, which was trained again and has the test result.
  const best = results.chosen || results.best;
  const isOther = best && results.best && results.best.configuration !== best.configuration;
  const of = isOther ? ', chosen' : '';
  const tiles = make('div', { class: 'tiles' });
  if (best) {
    tiles.append(tile(four(best.mean), metric + (isOther ? of : ', best')), tile(count(best.weights), 'weights' + of));
    // A share of what several trials took at once is not what one takes.
    if (!best.together) tiles.append(tile(seconds(best.train_seconds), perFold.replace('s/', 'seconds a ').replace(/^s$/, 'seconds') + of));
    for (const { name } of objectives.slice(1)) {
      if (name !== 'weights') tiles.append(tile(objectiveShown(best, name), objectiveName(name) + of));
    }
  }
  for (const [name, value] of Object.entries(results.test_metrics || {})) {
    if (value != null) tiles.append(tile(four(value), words(name) + of));
  }
  if (results.metric === 'validation_loss' && results.test_loss != null) tiles.append(tile(four(results.test_loss), 'test loss' + of));
  if (results.test_accuracy != null) tiles.append(tile(four(results.test_accuracy), 'test accuracy' + of));
  if (results.test_error != null) tiles.append(tile(four(results.test_error), 'test error' + of));
  if (report.schedule) {
    tiles.append(tile((100 * report.schedule.saved).toFixed(0) + ' %', 'of epochs saved'), tile(count(report.schedule.stopped), 'stopped early'));
  }
  if (results.objectives_front) tiles.append(tile(count(results.objectives_front.length), 'on the front'));
  tiles.append(tile(count(rows.length), rows.length === 1 ? 'configuration' : 'configurations'),
    tile(count(results.completed), 'trials completed'), tile(seconds(results.train_seconds) + ' s', 'of training'));
  part.append(tiles);
  for (const note of report.notes) part.append(make('p', { class: 'note' }, 'Note: ' + note));
}

function marks(row) {
  const list = [];
  if (row.rank === 1) list.push('best');
  if (row.tied) list.push('tied');
  if (row.on_front) list.push('front');
  if (results.chosen && results.chosen.configuration === row.configuration) list.push('chosen');
  if (row.on_time_front) list.push('time front');
  if (row.on_weights_front) list.push('weights front');
  if (row.unstable_folds) list.push('unstable');
  if (row.disturbed) list.push('timing unreliable');
  if (row.no_better_than_guessing) list.push('no better than guessing');
  if (row.diverged) list.push(row.diverged + ' diverged');
  if (row.infinite_losses) list.push(row.infinite_losses + ' with an infinite loss');
  if (row.missing) list.push(row.missing + ' missing');
  if (row.stopped_early) list.push(row.stopped_early + ' stopped at a plateau');
  if (row.stopped) list.push('stopped' + (row.stopped_after_epochs ? ' at epoch ' + row.stopped_after_epochs : ''));
  return list.join(', ');
}

function ranking() {
  if (rows.length === 0) return;
  const part = section('ranking', 'Ranking');
  const searched = report.searched;
  const columns = [
    { title: 'rank', number: true, value: row => row.rank, show: row => row.rank == null ? '-' : String(row.rank) },
    { title: 'architecture', text: true, value: row => row.architecture, show: row => row.architecture },
    ...searched.map(name => ({ title: words(name), number: typeof valueOf(rows.find(row => valueOf(row, name) != null)
      || rows[0], name) === 'number', value: row => valueOf(row, name), show: row => shown(valueOf(row, name)) })),
    { title: metric, number: true, value: row => row.mean, show: row => four(row.mean) },
    { title: '\u00b1', number: true, value: row => row.standard_deviation, show: row => four(row.standard_deviation) },
    ...objectives.slice(1).filter(({ name }) => name !== 'weights').map(({ name }) => ({ title: objectiveName(name), number: true,
      value: row => objectiveOf(row, name), show: row => objectiveShown(row, name) })),
    { title: 'weights', number: true, value: row => row.weights, show: row => count(row.weights) },
    { title: perFold, number: true, value: row => row.train_seconds, show: row => seconds(row.train_seconds) },
    { title: 'images/s', number: true, value: row => row.images_per_second,
      show: row => row.images_per_second ? count(Math.round(row.images_per_second)) : '-' },
    { title: 'remarks', wide: true, show: marks },
  ];
  const limit = 50;
  let all = rows.length <= limit;
  let wanted = '';
  const list = table(columns, rows.slice(0, limit), row => row.rank === 1 ? 'best' : null);
  const status = make('span', { role: 'status' });
  const update = () => {
    const found = wanted ? rows.filter(row => [report.names[row.configuration], row.architecture, marks(row)]
      .join(' ').toLowerCase().includes(wanted)) : rows;
    const seen = all ? found : found.slice(0, limit);
    list.show(seen);
    status.textContent = seen.length + ' of ' + rows.length + ' configurations';
  };
  const more = make('button', { type: 'button', onclick: () => { all = !all; more.textContent = all ? 'Show the first '
    + limit : 'Show all'; update(); } }, 'Show all');
  part.append(make('div', { class: 'tools' }, make('label', {}, 'Search ', make('input', { type: 'search',
    oninput: event => { wanted = event.target.value.toLowerCase(); update(); } })), status,
  rows.length > limit ? more : null), list.element,
  make('p', { class: 'note' }, 'Best first; a heading sorts. ' + (report.repetition ? '\u00b1 is the standard deviation over ' + report.repetition + '. ' : '') + (results.tie_rule
    ? 'Tied: ' + results.tie_rule + '.' : '') + (rows.some(row => row.unstable_folds) ? ' Unstable: a trial is far behind the median of its '
    + 'configuration, by more than 6 times what its trials usually differ by.' : '') + (rows.some(row => row.disturbed)
    ? ' Timing unreliable: other programs used the processors.' : '') + (rows.some(row => row.together) ? ' ' + perFold + ': shares of what up to '
    + most(rows.map(row => row.together || 1)) + ' trials took at once in a slot, not what one takes.' : '')));
  update();
}

// The front of several objectives: its members as a table, and the first objective by each of the others.
function front() {
  const members = ranked.filter(row => row.on_front);
  if (objectives.length < 2 || members.length === 0) return;
  const part = section('front', 'Front');
  const searched = report.searched.filter(name => new Set(members.map(row => valueOf(row, name))).size > 1);
  const most = 50;
  part.append(make('p', {}, (members.length === 1 ? 'One of ' : count(members.length) + ' of ') + count(ranked.length) + ' configurations'
    + (partial.length > 0 ? ' trained in full' : '') + (members.length === 1 ? ' is' : ' are') + ' on the front of '
    + objectives.map(({ name }) => objectiveName(name)).join(', ') + '.' + (results.best_rule ? ' Chosen: ' + results.best_rule + '.' : '')));
  part.append(table([
    { title: 'rank', number: true, value: row => row.rank, show: row => String(row.rank) },
    { title: 'architecture', text: true, value: row => row.architecture, show: row => row.architecture },
    ...searched.map(name => ({ title: words(name), number: isNumeric(name), value: row => valueOf(row, name), show: row => shown(valueOf(row, name)) })),
    ...objectives.map(({ name }) => ({ title: objectiveName(name), number: true, value: row => objectiveOf(row, name), show: row => objectiveShown(row, name) })),
    { title: '', show: row => isChosen(row) ? 'chosen' : '' },
  ], members.slice(0, most), row => isChosen(row) ? 'best' : null).element);
  if (members.length > most) part.append(make('p', { class: 'note' }, 'The first ' + most + ' are listed.'));
  const grid = make('div', { class: 'grid' });
  part.append(grid);
  for (const { name } of objectives.slice(1)) {
    const points = (title, list, marker) => ({ type: 'scatter', mode: 'markers', name: title, x: list.map(row => objectiveOf(row, name)),
      y: list.map(row => row.mean), marker, text: list.map(nameOf), hovertemplate: '%{text}<br>%{y:.4f}, %{x}<extra></extra>' });
    const order = [...members].sort((a, b) => objectiveOf(a, name) - objectiveOf(b, name));
    const traces = [
      points('behind it', ranked.filter(row => !row.on_front).slice(0, drawnMost), { color: '#8c959f', size: 6 }),
      points('on the front', members.filter(row => !isChosen(row)), { color: colors[0], size: 9, symbol: 'diamond' }),
      points('chosen', ranked.filter(isChosen), { color: colors[1], size: 13, symbol: 'star' }),
    ];
    // Of two objectives the front is a line; of more what is drawn is its shadow.
    if (objectives.length === 2 && members.length > 1) {
      traces.push({ type: 'scatter', mode: 'lines', name: 'front', x: order.map(row => objectiveOf(row, name)), y: order.map(row => row.mean),
        line: { color: ink, width: 1.5, dash: 'dot', shape: 'hv' }, hoverinfo: 'skip' });
    }
    chart(grid, 'Front: ' + metric + ' by ' + objectiveName(name), traces.filter(trace => trace.x.length > 0), { xaxis: { title: { text: objectiveName(name) },
      type: isCost(name) ? 'log' : 'linear' }, yaxis: { title: { text: metric } } });
  }
}

// Who went on in the schedule, and at which budget: a bar for each configuration, as long as it was trained.
function schedule() {
  if (!report.schedule) return;
  const { sentence, course } = report.schedule;
  const part = section('schedule', 'Schedule');
  const many = (number, one) => count(number) + ' ' + one + (number === 1 ? '' : 's');
  const budget = level => many(level.epochs ?? course.full_epochs, 'epoch') + (course.folds > 1 && level.folds < course.folds
    ? ' on ' + level.folds + ' of ' + course.folds + ' trials' : '');
  part.append(make('p', {}, sentence), table([
    { title: 'group', number: true, show: ({ index }) => String(index + 1) },
    { title: 'configurations', number: true, show: ({ group }) => count(group.count) },
    { title: 'who went on', text: true, show: ({ group }) => group.levels.map((level, place) => count(level.members) + (place === group.levels.length - 1
      ? ' in full (' + budget(level) + ')' : ' for ' + budget(level))).join(' \u2192 ') },
  ], course.groups.slice(0, 30).map((group, index) => ({ group, index }))).element);
  if (course.groups.length > 30) part.append(make('p', { class: 'note' }, 'The first 30 of ' + count(course.groups.length) + ' groups are listed.'));
  const list = rows.filter(row => course.trained[row.configuration]).map(row => ({ row, ...course.trained[row.configuration] }))
    .sort((a, b) => a.group - b.group || b.epochs_in_all - a.epochs_in_all || (a.row.rank ?? 1e9) - (b.row.rank ?? 1e9)
      || a.row.configuration - b.row.configuration).slice(0, drawnMost);
  const kinds = [['trained in full', item => !item.is_stopped, { color: colors[0] }],
    ['stopped by the schedule', item => item.is_stopped, { color: paper, line: { color: colors[1], width: list.length > 120 ? 0.5 : 1.5 } }]];
  const places = new Map(list.map((item, place) => [item, place]));
  const traces = kinds.map(([name, is, marker]) => ({ type: 'bar', orientation: 'h', name, marker, y: list.filter(is).map(item => places.get(item)),
    x: list.filter(is).map(item => item.epochs_in_all), text: list.filter(is).map(item => nameOf(item.row) + '<br>'
      + many(item.epochs_in_all, 'epoch') + (course.folds > 1 ? ' on ' + item.folds + ' of ' + course.folds + ' trials' : '') + ', ' + four(item.row.mean)),
    textposition: 'none', hovertemplate: '%{text}<extra></extra>' })).filter(trace => trace.x.length > 0);
  const groups = [...groupBy(list, item => item.group)].map(([group, items]) => ({ group, from: places.get(items[0]) - 0.5, to: places.get(items[items.length - 1]) + 0.5 }));
  const shapes = groups.flatMap(({ group, from, to }, index) => [
    ...course.groups[group].levels.slice(0, -1).map(level => (level.epochs ?? course.full_epochs) * level.folds).map(x => ({ type: 'line', x0: x, x1: x, y0: from, y1: to,
      line: { color: soft, width: 1, dash: 'dot' } })),
    ...(index > 0 ? [{ type: 'line', xref: 'paper', x0: 0, x1: 1, y0: from, y1: from, line: { color: soft, width: 1 } }] : [])]);
  chart(part, 'Who went on', traces, { barmode: 'overlay', bargap: list.length > 120 ? 0 : 0.25, height: Math.min(900, Math.max(240, 110 + 14 * list.length)), shapes,
    xaxis: { title: { text: 'epochs trained' + (course.folds > 1 ? ', of all trials together' : '') }, rangemode: 'tozero' },
    yaxis: { title: { text: '' }, tickmode: 'array', tickvals: groups.map(({ from, to }) => (from + to) / 2), showgrid: false,
      ticktext: groups.map(({ group }) => groups.length === 1 ? 'all' : 'group ' + (group + 1)), range: [list.length - 0.5, -0.5] } },
  'A bar for each configuration: filled to its end, hollow where it was stopped. Dotted: the budgets at which ' + (course.in_index_order
    ? 'each was compared with those before it.' : 'those of a group were compared.'));
}

// Which of these are better than all that cost less: what a line can join.
const steps = (list, cost) => {
  const line = [];
  for (const row of [...list].sort((a, b) => cost(a) - cost(b) || (better(a.mean, b.mean) ? -1 : 1))) {
    if (line.length === 0 || better(row.mean, line[line.length - 1].mean)) line.push(row);
  }
  return line;
};

function scatter(part, title, unit, cost, front, note) {
  const drawn = ranked.filter(row => cost(row) > 0);
  const groups = groupBy(drawn.filter((row, index) => index < drawnMost || front(row)), row => row.architecture);
  if (groups.size === 0) return;
  const traces = [...groups].map(([name, list], index) => ({
    type: 'scatter', mode: 'markers', name: plain(short(name)),
    x: list.map(cost), y: list.map(row => row.mean),
    error_y: list.length <= 60 ? spreadOf(list, { thickness: 0.7, width: 2, color: '#8c959f' }) : undefined,
    marker: { color: style(index).color, symbol: style(index).symbol, size: 7 },
    text: list.map(nameOf), hovertemplate: '%{text}<br>%{y:.4f}, %{x}<extra></extra>',
  }));
  const members = ranked.filter(row => front(row) && cost(row) > 0);
  const line = steps(members, cost);
  if (members.length > 0) {
    traces.push({ type: 'scatter', mode: 'markers', name: 'on the front', x: members.map(cost), y: members.map(row => row.mean),
      marker: { color: ink, symbol: 'circle-open', size: 15, line: { width: 1.5 } }, hoverinfo: 'skip' });
  }
  if (line.length > 1) {
    traces.push({ type: 'scatter', mode: 'lines', x: line.map(cost), y: line.map(row => row.mean), showlegend: false,
      line: { color: ink, width: 1.5, dash: 'dot', shape: 'hv' }, hoverinfo: 'skip' });
  }
  chart(part, title, traces, { xaxis: { title: { text: unit }, type: 'log' }, yaxis: { title: { text: metric } } },
    note + (line.length > 1 ? ' A dotted line joins them.' : '') + (drawn.length > drawnMost ? ' The best ' + count(drawnMost) + ' are drawn.' : ''));
}

function costs() {
  if (ranked.length === 0) return;
  const part = section('costs', 'Time and size');
  const grid = make('div', { class: 'grid' });
  part.append(grid);
  if (report.costs.why_none) {
    part.append(make('p', { class: 'note' }, 'No chart by training time and no time front: ' + report.costs.why_none + '.'));
  } else scatter(grid, metric + ' by training time', report.costs.unit + (results.folds > 0 ? ' a fold' : ''),
    row => report.costs.seconds[row.configuration], row => row.on_time_front,
    'Ringed (time front): none is better and faster. Times are in ' + report.costs.unit + '; less than ' + (100 * report.costs.margin).toFixed(0)
      + ' % apart, or than two standard errors of the folds, neither is faster.');
  // The front of the objectives has a section of its own.
  if (!objectives.some(({ name }) => name === 'weights')) {
    scatter(grid, metric + ' by weights', 'weights', row => row.weights, row => row.on_weights_front,
      'Ringed (weights front): none is better with fewer weights.');
  }
  history(grid);
}

function history(parent) {
  const order = rows.filter(row => row.mean != null).sort((a, b) => a.configuration - b.configuration);
  if (order.length < 2) return;
  const best = [];
  for (const row of order.filter(each => each.rank)) {
    if (best.length === 0 || better(row.mean, best[best.length - 1][1])) best.push([row.configuration, row.mean]);
  }
  if (best.length > 0) best.push([order[order.length - 1].configuration, best[best.length - 1][1]]);
  const points = (name, list, index) => ({ type: 'scatter', mode: 'markers', name, x: list.map(row => row.configuration), y: list.map(row => row.mean),
    marker: { color: style(index).color, symbol: style(index).symbol + (index > 0 ? '-open' : ''), size: 7 }, text: list.map(nameOf),
    hovertemplate: '%{text}<br>%{y:.4f}<extra></extra>' });
  const traces = [points('all folds trained', order.filter(row => row.rank), 0), points('stopped or incomplete', order.filter(row => !row.rank), 4),
    { type: 'scatter', mode: 'lines', name: 'best so far', x: best.map(pair => pair[0]), y: best.map(pair => pair[1]),
      line: { color: ink, width: 1.5, dash: 'dot', shape: 'hv' }, hoverinfo: 'skip' }];
  chart(parent, metric + ' in the order of the search', traces.filter(trace => trace.x.length > 0), { xaxis: { title: { text: 'configuration' } },
    yaxis: { title: { text: metric } } });
}

// Points of what was not trained in full, hollow and joined by nothing.
const hollow = (list, x) => list.length === 0 ? [] : [{ type: 'scatter', mode: 'markers', name: list.every(row => row.stopped) ? 'stopped' : 'stopped or incomplete',
  x: list.map(x), y: list.map(row => row.mean), marker: { color: soft, symbol: 'circle-open', size: 6, line: { width: 1.2 } },
  text: list.map(row => nameOf(row) + (row.stopped_after_epochs ? '<br>stopped at epoch ' + row.stopped_after_epochs : '')),
  hovertemplate: '%{text}<br>%{y:.4f}<extra></extra>' }];

const numbersOf = name => rows.map(row => valueOf(row, name)).filter(value => value != null);
const isNumeric = name => { const values = numbersOf(name); return values.length > 0
  && values.every(value => typeof value === 'number'); };

// A few values are named themselves, where there is room for their names; between them nothing was tried.
const ticksOf = name => {
  const values = [...new Set(numbersOf(name))].sort((a, b) => a - b);
  const places = scale(values) === 'log' ? values.map(Math.log) : values;
  const room = 340 / (places[places.length - 1] - places[0]); // Pixels of a narrow chart.
  return values.length <= 8 && values.every((value, index) => index === 0
    || (places[index] - places[index - 1]) * room >= 3.5 * (shown(value).length + shown(values[index - 1]).length) + 6)
    ? { tickmode: 'array', tickvals: values, ticktext: values.map(shown) } : {};
};

function parameterChart(parent, name) {
  const usable = ranked.filter(row => valueOf(row, name) != null);
  const others = partial.filter(row => valueOf(row, name) != null).slice(0, drawnMost);
  if (new Set([...usable, ...others].map(row => valueOf(row, name))).size < 2) return;
  const bestOf = list => list.reduce((best, row) => better(row.mean, best.mean) ? row : best);
  if (!isNumeric(name)) {
    const bars = [...groupBy(usable, row => shown(valueOf(row, name)))]
      .map(([value, list]) => ({ value, row: bestOf(list) })).sort((a, b) => better(a.row.mean, b.row.mean) ? -1 : 1);
    const lacking = [...new Set(others.map(row => shown(valueOf(row, name))))].filter(value => !bars.some(bar => bar.value === value));
    const all = [...bars.map(bar => bar.value), ...lacking];
    const span = [...others.map(row => row.mean), ...bars.flatMap(bar => [bar.row.mean - (bar.row.standard_deviation || 0),
      bar.row.mean + (bar.row.standard_deviation || 0)])];
    const pad = (most(span) - least(span)) * 0.15 || Math.abs(span[0]) * 0.1 || 1;
    const top = endsWithOne(metric) ? Math.min(most(span) + pad, justAboveOne(least(span) - pad)) : most(span) + pad;
    chart(parent, metric + ' by ' + words(name), [{ type: 'scatter', mode: 'markers', x: bars.map((_, index) => index),
      y: bars.map(bar => bar.row.mean), marker: { size: 11, color: colors[0] },
      error_y: spreadOf(bars.map(bar => bar.row), { color: soft }),
      text: bars.map(bar => nameOf(bar.row)), hovertemplate: '%{text}<br>%{y:.4f}<extra></extra>', name: 'best in full' },
    ...hollow(others, row => all.indexOf(shown(valueOf(row, name))) + 0.15)].filter(trace => trace.x.length > 0),
    { xaxis: { title: { text: words(name) }, tickmode: 'array', tickvals: all.map((_, index) => index),
      ticktext: all.map(value => plain(short(value, nameRoom(all.length)))), range: [-0.5, all.length - 0.5], automargin: true, autotickangles: leaning }, showlegend: others.length > 0, yaxis: { title: { text: metric },
      range: [least(span) - pad, top] } }, 'The best configuration of each' + withSpread + '.' + stoppedNote);
    return;
  }
  const traces = hollow(others, row => valueOf(row, name));
  const groups = name === 'architecture' ? new Map([['', usable]]) : groupBy(usable, row => row.architecture);
  [...groups].forEach(([architecture, list], index) => {
    const points = [...groupBy(list, row => valueOf(row, name))].map(([value, same]) => ({ value, row: bestOf(same) }))
      .sort((a, b) => a.value - b.value);
    const many = points.length > 40;
    traces.push({ type: 'scatter', mode: many ? 'markers' : 'lines+markers', name: plain(short(architecture || 'trained in full')), x: points.map(point => point.value),
      y: points.map(point => point.row.mean), line: { color: style(index).color, dash: style(index).dash },
      marker: { color: style(index).color, symbol: style(index).symbol, size: many ? 5 : 8 },
      error_y: many ? undefined : spreadOf(points.map(point => point.row), { thickness: 1, width: 3 }),
      text: points.map(point => nameOf(point.row)), hovertemplate: '%{text}<br>%{y:.4f}<extra></extra>' });
  });
  chart(parent, metric + ' by ' + words(name), traces, { xaxis: { title: { text: words(name) }, type: scale(numbersOf(name)), ...ticksOf(name) },
    yaxis: { title: { text: metric } }, showlegend: groups.size > 1 || others.length > 0 },
  'The best configuration of each value' + withSpread + '.' + stoppedNote);
}

// Names that lean to the left end below their places: to the right the last one would be cut off, and is then left out.
const leaning = [0, -30, -90];

// Letters of a name, so that names beside each other fit a narrow chart.
const nameRoom = count => Math.max(10, Math.min(28, Math.floor(44 / count)));

// Places, not names, are the axis: names that look alike when they are cut stay two.
const namedPlaces = (name, list) => ({ title: { text: words(name) }, tickmode: 'array', tickvals: list.map((_, index) => index),
  ticktext: list.map(value => plain(short(shown(value), 16))), automargin: true, autotickangles: leaning });

function heatMap(parent, first, second) {
  const usable = ranked.filter(row => valueOf(row, first) != null && valueOf(row, second) != null);
  const sort = name => [...new Set(usable.map(row => valueOf(row, name)))].sort((a, b) => typeof a === 'number' ? a - b : byName(a, b));
  const [xs, ys] = [sort(first), sort(second)];
  if (xs.length < 2 || ys.length < 2) return false;
  const note = 'The best configuration of each pair' + (partial.length > 0 ? ', of those trained in full.' : '.');
  if (xs.length > 30 || ys.length > 30) {
    chart(parent, metric + ' by ' + words(first) + ' and ' + words(second), [{ type: 'scatter', mode: 'markers',
      x: usable.map(row => plainValue(valueOf(row, first))), y: usable.map(row => plainValue(valueOf(row, second))),
      marker: { size: 9, color: usable.map(row => row.mean), colorscale: 'Viridis', reversescale: results.goal === 'minimize', showscale: true,
        colorbar: { title: { text: metric, side: 'right' } }, line: { width: 0.5, color: soft } },
      text: usable.map(nameOf), hovertemplate: '%{text}<br>%{marker.color:.4f}<extra></extra>' }],
    { xaxis: { title: { text: words(first) }, type: isNumeric(first) ? scale(numbersOf(first)) : 'category' },
      yaxis: { title: { text: words(second) }, type: isNumeric(second) ? scale(numbersOf(second)) : 'category' } });
    return true;
  }
  const cells = new Map();
  for (const row of usable) {
    const key = xs.indexOf(valueOf(row, first)) + ' ' + ys.indexOf(valueOf(row, second));
    if (!cells.has(key) || better(row.mean, cells.get(key))) cells.set(key, row.mean);
  }
  const z = ys.map((_, y) => xs.map((__, x) => cells.get(x + ' ' + y) ?? null));
  chart(parent, metric + ' by ' + words(first) + ' and ' + words(second), [{ type: 'heatmap', z, x: xs.map((_, x) => x), y: ys.map((_, y) => y),
    customdata: ys.map(y => xs.map(x => [plain(shown(x)), plain(shown(y))])), colorscale: 'Viridis', reversescale: results.goal === 'minimize', colorbar: { title: { text: metric, side: 'right' } }, texttemplate: xs.length * ys.length <= 120 ? '%{z:.3f}' : undefined,
    hovertemplate: words(first) + ' %{customdata[0]}, ' + words(second) + ' %{customdata[1]}: %{z:.4f}<extra></extra>' }],
  { xaxis: namedPlaces(first, xs), yaxis: namedPlaces(second, ys) }, note);
  return true;
}

function parameters() {
  const names = [...new Set(['architecture', ...report.searched])]
    .filter(name => new Set(rows.map(row => valueOf(row, name))).size > 1);
  if (names.length === 0 || (ranked.length === 0 && partial.length === 0)) return;
  const part = section('parameters', 'Parameters');
  const grid = make('div', { class: 'grid' });
  part.append(grid);
  const { configurations, needed } = report.compared;
  if (report.importance.length > 1) {
    const list = [...report.importance].reverse();
    chart(grid, 'Importance', [{ type: 'bar', orientation: 'h', y: list.map(item => words(item.parameter)),
      x: list.map(item => item.share), marker: { color: colors[5] }, text: list.map(item => (100 * item.share).toFixed(0) + ' %'), textposition: 'inside',
      insidetextanchor: 'start', textfont: { color: '#000' }, hoverinfo: 'skip',
      error_x: { type: 'data', symmetric: false, array: list.map(item => item.high - item.share), arrayminus: list.map(item => item.share - item.low), color: ink, thickness: 1.2, width: 4 } }],
    { xaxis: { title: { text: 'share of the importance' }, tickformat: '.0%', range: [0, 1.02] }, yaxis: { type: 'category' } },
    'How differently a parameter is distributed among the best fifth and among all (PED-ANOVA, Watanabe, Bansal and Hutter 2023), of '
      + count(configurations) + ' configurations' + (report.schedule ? ' trained in full; what the schedule stopped has no part in it' : '')
      + '. Whiskers: 95 % of samples of them drawn anew.');
  } else if (names.length > 1 && configurations < needed) {
    part.insertBefore(make('p', { class: 'note' }, 'How important each parameter is cannot be told: that takes ' + needed + ' configurations trained in full, and '
      + (configurations === 1 ? 'there is 1.' : 'there are ' + count(configurations) + '.')), grid);
  }
  for (const name of names) parameterChart(grid, name);
  const order = report.importance.length > 0 ? report.importance.map(item => item.parameter) : names;
  const pairs = order.filter(name => names.includes(name)).flatMap((first, index, all) => all.slice(index + 1).map(second => [first, second]));
  pairs.some(([first, second]) => heatMap(grid, first, second));
  if (names.length > 1 && ranked.length > 1) parallel(part, names);
}

// Plotly's own needs WebGL, which a school's machine or a remote desktop may lack.
function parallel(part, names) {
  const usable = ranked.slice(0, drawnMost);
  const dimensions = names.map(name => {
    const raw = usable.map(row => valueOf(row, name));
    if (isNumeric(name) && raw.every(value => value != null)) {
      const log = scale(raw) === 'log';
      const values = raw.map(value => log ? Math.log10(value) : value);
      const ticks = [...new Set(raw)].sort((a, b) => a - b);
      const few = ticks.length <= 8 ? ticks : ticks.filter((_, i) => i % Math.ceil(ticks.length / 6) === 0);
      return { label: words(name), values, ticks: few.map(value => [log ? Math.log10(value) : value, shown(value)]) };
    }
    const names = [...new Set(raw.map(value => value == null ? '(none)' : shown(value)))].sort(byName);
    return { label: words(name), values: raw.map(value => names.indexOf(value == null ? '(none)' : shown(value))),
      ticks: names.length <= 20 ? names.map((text, index) => [index, short(text, 16)]) : [] };
  });
  const means = usable.map(row => row.mean);
  const [low, high] = [least(means), most(means)];
  dimensions.push({ label: metric, values: means, ticks: [...new Set([low, (low + high) / 2, high])].map(value => [value, four(value)]) });
  part.append(make('h3', {}, 'Parallel coordinates'), make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Parallel coordinates, which may scroll' }, drawLines(dimensions, usable, means)),
    make('p', { class: 'note' }, 'Each line is a configuration: from dark blue (worst) to yellow (best). Drag along an axis to choose a range; a click on '
      + 'it frees it again.' + (ranked.length > drawnMost ? ' The best ' + count(drawnMost) + ' are drawn.' : '') + (partial.length > 0 ? ' Only those trained in full are drawn.' : '')));
}

function drawLines(dimensions, usable, means) {
  const [width, height, top, bottom] = [1140, 340, 34, 16];
  // Beside the first axis its names have room.
  const side = Math.max(70, 12 + 7 * Math.max(0, ...dimensions[0].ticks.map(([, text]) => text.length)));
  const svg = (tag, attributes, text) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text != null) element.textContent = text;
    return element;
  };
  const root = svg('svg', { class: 'lines', viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': 'Parallel coordinates of ' + usable.length + ' configurations' });
  const place = dimensions.map((_, index) => side + index * (width - 2 * side) / (dimensions.length - 1));
  const bounds = dimensions.map(({ values }) => [least(values), most(values)]);
  const y = (index, value) => { const [from, to] = bounds[index];
    return height - bottom - (to > from ? (value - from) / (to - from) : 0.5) * (height - top - bottom); };
  const viridis = ['#440154', '#46327e', '#365c8d', '#277f8e', '#1fa187', '#4ac16d', '#a0da39', '#dcd319'];
  const [low, high] = bounds[bounds.length - 1];
  const color = value => { const share = high > low ? (value - low) / (high - low) : 1;
    return viridis[Math.round((results.goal === 'maximize' ? share : 1 - share) * (viridis.length - 1))]; };
  const chosen = dimensions.map(() => null);
  // The best are drawn last, on top.
  const paths = usable.map((row, item) => {
    const path = svg('path', { d: dimensions.map(({ values }, index) => (index ? 'L' : 'M') + place[index].toFixed(1) + ' '
      + y(index, values[item]).toFixed(1)).join(''), stroke: color(means[item]) });
    path.append(svg('title', {}, report.names[row.configuration] + ': ' + four(row.mean)));
    return path;
  });
  root.append(...[...paths].reverse());
  const update = () => paths.forEach((path, item) => path.classList.toggle('off', chosen.some((range, index) => range
    && (y(index, dimensions[index].values[item]) < range[0] || y(index, dimensions[index].values[item]) > range[1]))));
  dimensions.forEach(({ label, ticks }, index) => {
    const x = place[index];
    const brush = svg('rect', { class: 'brush', x: x - 7, width: 14, y: 0, height: 0 });
    root.append(svg('line', { class: 'axis', x1: x, x2: x, y1: top, y2: height - bottom }), svg('text', { x, y: 14, 'text-anchor': 'middle' }, label), brush);
    const last = index === dimensions.length - 1;
    const written = [];
    for (const [value, text] of ticks) {
      const at = y(index, value);
      root.append(svg('line', { class: 'axis', x1: x - 3, x2: x + 3, y1: at, y2: at }));
      // Texts would cover each other.
      if (written.some(other => Math.abs(other - at) < 11)) continue;
      written.push(at);
      root.append(svg('text', { x: last ? x + 6 : x - 6, y: at + 4, 'text-anchor': last ? 'start' : 'end' }, text));
    }
    const zone = svg('rect', { class: 'zone', x: x - 12, width: 24, y: top - 6, height: height - top - bottom + 12 });
    const at = event => (event.clientY - root.getBoundingClientRect().top) * height / root.getBoundingClientRect().height;
    let from = null;
    zone.onpointerdown = event => { from = at(event); zone.setPointerCapture(event.pointerId); };
    zone.onpointermove = event => {
      if (from == null) return;
      const to = at(event);
      chosen[index] = Math.abs(to - from) < 3 ? null : [Math.min(from, to), Math.max(from, to)];
      brush.setAttribute('y', chosen[index] ? chosen[index][0] : 0);
      brush.setAttribute('height', chosen[index] ? chosen[index][1] - chosen[index][0] : 0);
      update();
    };
    zone.onpointercancel = () => { from = null; };
    zone.onpointerup = event => { zone.onpointermove(event); from = null; };
    root.append(zone);
  });
  return root;
}

function learning() {
  if (report.curves.length === 0) return;
  const part = section('learning', 'Learning curves');
  const choose = make('select', { 'aria-label': 'Configuration' }, ...report.curves.map((curve, index) =>
    make('option', { value: String(index) }, short((index + 1) + '. ' + curve.name, 110))));
  const finding = make('p', { role: 'status' });
  const grid = make('div', { class: 'grid' });
  part.append(make('div', { class: 'tools' }, make('label', {}, 'Configuration ', choose)), finding, grid);
  const mean = lists => { const length = Math.max(...lists.map(list => list.length)); return [...Array(length).keys()].map(epoch => {
    const values = lists.map(list => list[epoch]).filter(value => value != null);
    return values.length === lists.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  }); };
  const quality = report.is_regression ? 'mean absolute error' : 'accuracy';
  const draw = () => {
    const curve = report.curves[Number(choose.value)];
    finding.textContent = curve.finding;
    grid.replaceChildren();
    const epochs = list => list.map((_, index) => index + 1);
    const plot = (title, train, validation, log, note) => {
      const traces = [];
      for (const [name, key, color, dash] of [['training', train, colors[1], 'dash'], ['validation', validation, colors[0], 'solid']]) {
        for (const trial of curve.trials) {
          traces.push({ type: 'scatter', mode: 'lines', x: epochs(trial[key]), y: trial[key], line: { color, width: 0.8, dash }, opacity: 0.35,
            showlegend: false, name: 'trial ' + trial.trial, hovertemplate: 'trial ' + trial.trial + ', ' + name + ': %{y:.4f}<extra></extra>' });
        }
        const average = mean(curve.trials.map(trial => trial[key]));
        traces.push({ type: 'scatter', mode: average.length < 3 ? 'lines+markers' : 'lines', x: epochs(average), y: average, name: name + ' (mean)', line: { color, width: 3, dash },
          hovertemplate: 'epoch %{x}, ' + name + ': %{y:.4f}<extra></extra>' });
      }
      const shapes = curve.lowest_epoch > 0 ? [{ type: 'line', x0: curve.lowest_epoch, x1: curve.lowest_epoch, yref: 'paper', y0: 0, y1: 1,
        line: { color: soft, width: 1, dash: 'dot' } }] : [];
      // The label stands above the curves and below the buttons.
      const late = curve.lowest_epoch > curve.trials[0].train_loss.length / 2;
      const annotations = curve.lowest_epoch > 0 ? [{ x: curve.lowest_epoch, yref: 'paper', y: 1, yanchor: 'bottom', xanchor: late ? 'right' : 'left', showarrow: false,
        text: 'lowest validation loss', font: { size: 11, color: soft } }] : [];
      chart(grid, title + ' by epoch', traces, { xaxis: { title: { text: 'epoch' }, dtick: curve.trials[0][train].length <= 12 ? 1 : undefined },
        yaxis: { title: { text: title }, type: log ? 'log' : 'linear' }, shapes, annotations, margin: { l: 74, r: 16, t: 48, b: 56 }, height: 378 }, note);
    };
    const losses = curve.trials.flatMap(trial => [...trial.train_loss, ...trial.validation_loss]).filter(value => value != null);
    plot('loss', 'train_loss', 'validation_loss', positive(losses) && spread(losses) > 20, curve.loss_note);
    plot(quality, 'train_metric', 'validation_metric', false);
  };
  choose.onchange = draw;
  draw();
  part.append(make('p', { class: 'note' }, 'Thin lines are single trials, thick ones their mean. The training loss of an epoch is measured '
    + 'while it trains, so that in the first epochs it can lie above the validation loss.'));
}

function pictures(part, list) {
  part.append(make('div', { class: 'pictures' }, ...list.map(item => make('figure', {}, make('img', { src: 'data:image/png;base64,' + item.png,
    alt: item.caption }), make('figcaption', {}, item.caption)))));
}

function test() {
  const model = report.model;
  if (!results.confusion && !results.targets && !results.labels && !(model && (model.roc_curves.length > 0 || model.predicted.length > 0))) return;
  const part = section('test', 'Test set');
  const grid = make('div', { class: 'grid' });
  part.append(grid);
  if (results.confusion) {
    const matrix = results.confusion;
    const names = results.classes && results.classes.length === matrix.length ? results.classes : matrix.map((_, index) => '#' + index);
    const places = names.map((_, index) => index);
    // Places, not names, are the axes: two names that look alike when they are cut stay two.
    const axis = { tickmode: 'array', tickvals: places, ticktext: names.map(name => plain(short(name, 16))), automargin: true, autotickangles: leaning };
    const shares = matrix.map(row => { const sum = row.reduce((a, b) => a + b, 0) || 1; return row.map(value => value / sum); });
    chart(grid, 'Confusion matrix', [{ type: 'heatmap', z: shares, x: places, y: places, text: matrix.map(row => row.map(String)), texttemplate: names.length <= 20 ? '%{text}' : undefined,
      customdata: places.map(y => places.map(x => [plain(names[y]), plain(names[x])])),
      colorscale: [[0, '#ffffff'], [0.02, '#d6e6f2'], [1, '#08519c']], zmin: 0, zmax: 1, showscale: false, xgap: 1, ygap: 1,
      hovertemplate: '%{customdata[0]}, taken for %{customdata[1]}: %{text}<extra></extra>' }],
    { height: Math.max(340, 60 + 26 * Math.min(names.length, 40)), xaxis: { title: { text: 'predicted class' }, ...axis, side: 'bottom' },
      yaxis: { title: { text: 'true class' }, ...axis, autorange: 'reversed' } }, 'Counts of test samples; the colour is the share of the true class.');
  }
  if (model && model.roc_curves.length > 0) {
    const traces = model.roc_curves.map((curve, index) => ({ type: 'scatter', mode: 'lines', name: plain(short(curve.class, 14)) + ' ' + four(curve.area),
      x: curve.false_positives, y: curve.true_positives, line: { color: style(index).color, dash: style(index).dash, width: 2 } }));
    traces.push({ type: 'scatter', mode: 'lines', x: [0, 1], y: [0, 1], name: 'a guess', line: { color: '#8c959f', width: 1, dash: 'dot' }, hoverinfo: 'skip' });
    const rate = [0.001, 0.01].find(limit => model.roc_curves.every(curve => curve.area > 1 - limit * 5));
    chart(grid, results.labels ? 'ROC curves of the labels' : 'ROC curves, each class against all others', traces, { height: 400, xaxis: { title: { text: 'false positive rate' }, range: rate ? [-0.005, 0.2] : [-0.02, 1.02] },
      yaxis: { title: { text: 'true positive rate' }, range: rate ? [0.79, 1.005] : [-0.02, 1.02] }, showlegend: traces.length <= 21 },
    'The number beside a ' + (results.labels ? 'label' : 'class') + ' is the area under its curve (AUC).' + (rate ? ' Only the corner near 0 and 1 is shown; double-click to see all.' : ''));
  }
  if (model && model.predicted.length > 0) {
    (model.targets.length > 0 ? model.targets : ['']).forEach((target, index) => {
      const truth = model.predicted.map(pair => pair[2 * index]);
      const ends = [Math.min(...truth), Math.max(...truth)];
      chart(grid, 'Predicted by true value' + (target ? ' of ' + short(target) : ''), [{ type: 'scatter', mode: 'markers', x: truth, y: model.predicted.map(pair => pair[2 * index + 1]), name: 'test samples',
        marker: { size: 5, color: colors[0], opacity: 0.6 } }, { type: 'scatter', mode: 'lines', x: ends, y: ends, name: 'exact', line: { color: soft, dash: 'dot' } }],
      { xaxis: { title: { text: 'true value' } }, yaxis: { title: { text: 'predicted value' } } });
    });
    if (results.targets && results.targets.length > model.targets.length) part.append(make('p', { class: 'note' },
      'The first ' + model.targets.length + ' of ' + results.targets.length + ' targets are drawn.'));
  }
  if (results.targets) {
    part.append(make('h3', {}, 'Targets'), table([
      { title: 'target', text: true, value: item => item.name, show: item => item.name },
      ...[['mean absolute error', 'mean_absolute_error'], ['mean squared error', 'mean_squared_error'], ['R2', 'r2']]
        .map(([title, key]) => ({ title, number: true, value: item => item[key], show: item => four(item[key]) })),
    ], results.targets).element);
  }
  if (results.labels) {
    part.append(make('h3', {}, 'Labels'), table([
      { title: 'label', text: true, value: item => item.name, show: item => item.name },
      ...[['TP', 1, 1], ['FP', 0, 1], ['FN', 1, 0], ['TN', 0, 0]].map(([title, has, said]) =>
        ({ title, number: true, value: item => item.confusion[has][said], show: item => count(item.confusion[has][said]) })),
      ...[['precision', 'precision'], ['recall', 'recall'], ['F1', 'f1'], ['ROC AUC', 'roc_auc'], ['accuracy', 'accuracy']]
        .map(([title, key]) => ({ title, number: true, value: item => item[key], show: item => four(item[key]) })),
    ], results.labels).element, make('p', { class: 'note' }, 'Counts of test samples: true and false positives, false and true negatives. A label is said to be '
      + 'there above a probability of one half. Samples with all labels right: ' + four(results.test_exact_match) + '.'));
  }
  if (model && model.classes.length > 0) {
    part.append(make('h3', {}, 'Classes'), table([
      { title: 'class', text: true, value: item => item.class, show: item => item.class },
      ...[['samples', 'samples', count], ['precision', 'precision', four], ['recall', 'recall', four], ['F1', 'f1', four], ['ROC AUC', 'roc_auc', four]]
        .map(([title, key, text]) => ({ title, number: true, value: item => item[key], show: item => text(item[key]) })),
    ], model.classes).element);
  }
  if (model && model.wrong.length > 0) {
    part.append(make('h3', {}, 'The surest of ' + count(model.wrong_count) + (model.wrong_count === 1 ? ' mistake' : ' mistakes')));
    pictures(part, model.wrong);
  }
}

function network() {
  const model = report.model;
  if (!model) return;
  const part = section('network', 'Network');
  part.append(make('p', {}, model.architecture));
  const weights = model.layers.reduce((sum, layer) => sum + layer.weights, 0);
  const largest = Math.max(...model.layers.map(layer => Math.log(1 + layer.values)));
  const list = make('div', { class: 'layers' });
  const line = (text, shape, values, own) => list.append(make('div', { class: 'layer' }, make('code', {}, text),
    make('div', { class: 'block' + (own > 0 ? '' : ' none'), style: 'width:' + Math.max(4, 100 * Math.log(1 + values) / largest).toFixed(1) + '%', title: shape }),
    make('span', { class: 'count' }, own > 0 ? count(own) + ' (' + (100 * own / weights).toFixed(1) + ' %)' : shape)));
  line('input', model.input, 1, 0);
  list.lastChild.children[1].style.width = '60%';
  for (const layer of model.layers) line(layer.layer, layer.output, layer.values, layer.weights);
  part.append(list, make('p', { class: 'note' }, 'From the input down. The width of a block goes with the logarithm of its number of outputs; blue layers have '
    + 'weights (' + count(weights) + ' in all, with their share), grey ones show the shape of their output.'));
  if (model.first_weights.length > 0) {
    part.append(make('h3', {}, 'Weights of the first layer'));
    pictures(part, model.first_weights);
    part.append(make('p', { class: 'note' }, 'Blue: negative, white: 0, red: positive, each unit scaled by its largest weight.'
      + (model.units_hidden > 0 ? ' ' + count(model.units_hidden) + ' more units are not drawn.' : '')));
  }
  if (model.filters && model.filters.filters.length > 0) filters(part, model.filters);
}

function filters(part, { images, filters }) {
  const image = (png, alt) => make('img', { src: 'data:image/png;base64,' + png, alt });
  const body = make('tbody', {}, ...filters.map(({ filter, maps, patches }) => make('tr', {}, make('th', { scope: 'row' }, String(filter)),
    make('td', {}, report.model.first_weights[filter] ? image(report.model.first_weights[filter].png, 'weights of filter ' + filter) : null),
    ...maps.map((png, index) => make('td', {}, image(png, 'map of filter ' + filter + ', ' + images[index].caption))),
    make('td', {}, image(patches, 'patches of filter ' + filter)))));
  part.append(make('h3', {}, 'What the filters of the first layer see'), make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Filters, which may scroll' }, make('table', { class: 'filters' },
    make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'filter'), make('th', { scope: 'col' }, 'weights'),
      ...images.map(({ png, caption }) => make('th', { scope: 'col' }, image(png, caption), make('br'), caption)), make('th', { scope: 'col' }, 'best 9 patches'))), body)),
  make('p', { class: 'note' }, 'Maps: the sums of a filter at each place of an image before the activation, blue negative, red positive. Patches: where a filter '
    + 'answers most among the first 500 test images, one an image.'));
}

function timeline() {
  const { lanes, bars, hidden, busy, together } = report.timeline;
  if (bars.length === 0) return;
  const part = section('timeline', 'Timeline');
  const kinds = groupBy(bars, bar => bar.end);
  const traces = [...kinds].map(([kind, list], index) => ({ type: 'bar', orientation: 'h', name: kind, base: list.map(bar => bar.from),
    x: list.map(bar => Math.max(bar.to - bar.from, 0.001)), y: list.map(bar => plain(lanes[bar.lane])), marker: { color: style(index).color,
      line: { color: paper, width: list.length > 500 ? 0 : 0.5 } }, customdata: list.map(bar => [bar.trial, bar.attempt, seconds(bar.to - bar.from)]),
    hovertemplate: 'trial %{customdata[0]}, attempt %{customdata[1]}: %{customdata[2]} s<extra>' + kind + '</extra>' }));
  chart(part, together > 1 ? 'Trials side by side' : 'Slots', traces, { barmode: 'overlay', showlegend: kinds.size > 1, height: Math.max(220, 90 + 24 * lanes.length), xaxis: { title: { text: 'seconds after the submission' } },
    yaxis: { type: 'category', autorange: 'reversed', categoryorder: 'array', categoryarray: lanes.map(plain) }, bargap: 0.25 },
  'Each bar is an attempt at a trial. ' + (busy == null
    ? 'A line is no slot: a slot trained up to ' + together + ' trials at once, each on a line of its own (' + lanes.length + ' in all), and how long each lasted is estimated: its share of the time, as often as there were trials. '
      + 'So what share of the time the slots trained is not told.'
    : 'The slots trained for ' + (100 * busy).toFixed(0) + ' % of the time from the first start to the last end.')
    + (hidden > 0 ? ' ' + count(hidden) + (report.timeline.hides_earlier ? ' earlier' : ' later') + ' attempts are not drawn.' : ''));
  const predicted = report.prediction;
  if (predicted) {
    part.append(make('p', {}, 'Predicted: ' + (predicted.measured_wall_seconds != null ? seconds(predicted.wall_seconds) + ' s with ' + predicted.slots
      + (predicted.slots === 1 ? ' slot, took ' : ' slots, took ') + seconds(predicted.measured_wall_seconds) + ' s ('
      + (predicted.measured_wall_seconds / predicted.wall_seconds).toFixed(2) + ' times that); ' : '') + 'training without the refit ' + seconds(predicted.train_seconds)
      + ' s, took ' + seconds(predicted.measured_train_seconds) + ' s.'));
  }
}

function proof() {
  const part = section('proof', 'Audit and file');
  const list = make('dl');
  for (const [name, value] of report.facts) list.append(make('dt', {}, name), make('dd', {}, value));
  part.append(list, make('h3', {}, 'The sweep file'), make('p', { class: 'note' }, 'It gives the same results again, with the same digest.'),
    make('pre', { tabindex: '0' }, report.file));
}

// What one part cannot draw costs no other part.
const parts = { answer, ranking, front, schedule, costs, parameters, learning, test, network, timeline, proof };
for (const name of wanted || Object.keys(parts)) {
  try {
    parts[name]();
  } catch (error) {
    page.append(make('p', {}, 'A part of this page cannot be drawn here: ' + error.message));
    console.error(error);
  }
}
