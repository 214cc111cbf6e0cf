// Keeps the charts of a part of a page up to date. They are the report page's own: charts.js lays them out of the same
// numbers, which come from the address 'charts'.
const least = 1000; // Milliseconds between two looks at a part that grows.

let plotly = null;
function needPlotly(mark) {
  plotly ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = 'plotly.js?v=' + mark;
    script.onload = done;
    script.onerror = () => failed(new Error('plotly.js could not be loaded'));
    document.head.append(script);
  });
  return plotly;
}

// What the user chose in a part that is laid out anew.
function choices(host) {
  return [...host.querySelectorAll('select')].map(select => select.value);
}

function choose(host, chosen) {
  host.querySelectorAll('select').forEach((select, index) => {
    if (chosen[index] != null && chosen[index] !== select.value && [...select.options].some(option => option.value === chosen[index])) {
      select.value = chosen[index];
      if (select.onchange) select.onchange();
    }
  });
}

// Chosen trials in one chart for each measure, a line a trial.
function compare(report, page, tools) {
  const quality = report.is_regression ? 'mean absolute error' : 'accuracy';
  const title = document.createElement('h2');
  title.textContent = 'Learning curves';
  const grid = document.createElement('div');
  grid.className = 'grid';
  page.append(title, grid);
  const trials = report.curves.flatMap(curve => curve.trials);
  const note = report.curves.filter(curve => curve.loss_note).map(curve => curve.name + ': ' + curve.loss_note).join(' ');
  for (const [title, key] of [['validation loss', 'validation_loss'], ['training loss', 'train_loss'],
    ['validation ' + quality, 'validation_metric'], ['training ' + quality, 'train_metric']]) {
    tools.chart(grid, title + ' by epoch', trials.map((trial, index) => ({ type: 'scatter', mode: trial[key].length < 3 ? 'lines+markers' : 'lines',
      x: trial[key].map((_, epoch) => epoch + 1), y: trial[key], name: 'trial ' + trial.trial, line: { color: tools.style(index).color, dash: tools.style(index).dash },
      hovertemplate: 'epoch %{x}: %{y:.4f}<extra>trial ' + trial.trial + '</extra>' })),
    { xaxis: { title: { text: 'epoch' } }, yaxis: { title: { text: title } }, showlegend: true }, key === 'train_loss' ? note : null);
  }
}

const layouts = { costs: ['front', 'schedule', 'costs'], parameters: ['parameters'], learning: ['learning'], timeline: ['timeline'], proof: ['proof'],
  model: ['test', 'network'] };

export function begin(host, id, part, trials, mark) {
  const kept = new Map();
  let seen = 0;
  let ended = false;
  let busy = false;
  let again = false;
  let text = '';

  function draw(report) {
    const chosen = choices(host);
    const page = document.createElement('div');
    const before = [...host.children];
    // Beside what is there until it is whole: a chart needs a place to know its size.
    host.append(page);
    const links = document.createElement('div');
    const { layOut } = draw.module;
    if (part === 'trials' && trials.includes(',')) compare(report, page, layOut(report, page, links, [], kept));
    else layOut(report, page, links, layouts[part] || ['learning'], kept);
    for (const note of report.notes) {
      const line = document.createElement('p');
      line.className = 'note';
      line.textContent = note;
      page.append(line);
    }
    if (page.childElementCount === 0) {
      const line = document.createElement('p');
      line.textContent = 'There is nothing to draw yet.';
      page.append(line);
    }
    for (const old of before) old.remove();
    choose(host, chosen);
    host.dataset.drawn = String(seen);
  }

  async function look(force) {
    if (ended) return;
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    const begun = performance.now();
    try {
      const query = new URLSearchParams({ id, part: part === 'model' ? 'network' : part, seen: String(force ? 0 : seen) });
      if (trials) query.set('trials', trials);
      const [answer, module] = await Promise.all([fetch('charts?' + query), import('./charts.js?v=' + mark), needPlotly(mark)]);
      draw.module = module;
      if (answer.status === 200 && !ended) {
        const body = await answer.text();
        // Epochs come without events: what is the same as before is not drawn again.
        if (body !== text || force) {
          text = body;
          const { sequence, report } = JSON.parse(body);
          seen = sequence;
          if (!ended) draw(report);
        }
      }
    } catch (error) {
      if (!ended) host.dataset.problem = error.message;
    }
    const took = performance.now() - begun;
    // A part that takes long is looked at less often.
    setTimeout(() => { busy = false; if (again) look(false); }, Math.max(least, 2 * took));
  }

  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const turned = () => { if (draw.module && text) draw(JSON.parse(text).report); };
  const printed = ({ type }) => { document.documentElement.classList.toggle('printed', type === 'beforeprint'); turned(); };
  scheme.addEventListener('change', turned);
  for (const type of ['beforeprint', 'afterprint']) addEventListener(type, printed);
  look(true);
  return {
    update: () => { look(false); },
    end: () => {
      ended = true;
      scheme.removeEventListener('change', turned);
      for (const type of ['beforeprint', 'afterprint']) removeEventListener(type, printed);
      for (const plot of kept.values()) if (window.Plotly) window.Plotly.purge(plot);
    },
  };
}
