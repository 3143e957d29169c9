// The sections of a report: what was run, how the runs ended, what classifiers say, what was measured, where from.

import { failureReasons, whichFailed } from '../../node/results/endings.js';
import type { Manifest } from '../../node/results/results-folder.js';
import { countReasons } from '../figures/draw/sample.js';
import type { FigureData } from '../figures/figure-data.js';
import { runLabel } from '../figures/grid-points.js';
import { type Html, html, htmlTable } from './html.js';
import { checkpointsOf, settingsOf } from './settings.js';

export function whatWasRun(manifest: Manifest): Html {
  const { scenario, checkpoints, resolved, versions, kernels } = manifest;
  const rows = [
    ...(checkpoints ? checkpointsOf(manifest) : settingsOf(manifest)),
    ['eigenflow', `${versions.eigenflow}; kernels ${kernels.name} ${kernels.hash.slice(0, 12)}; Node ${versions.node}`],
    [
      'plugins',
      Object.entries(versions.plugins)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ];
  const about = scenario.description ? html`<p>${scenario.description}</p>` : { html: '' };
  const unknown = checkpoints
    ? html`<p>Weights that another program has made. Model, data, loss and the order of batches are not known; what was told
of the training stands here as it was told.</p>`
    : resolved
      ? { html: '' }
      : html`<p>These results were made by a version that did not note the defaults: only what was written is listed.</p>`;
  const table = htmlTable([{ name: 'part' }, { name: 'setting' }], rows);
  return html`<h2>${checkpoints ? 'What was read' : 'What was run'}</h2>${about}${unknown}${table}`;
}

/** Reasons for failing that are told. */
const MOST_REASONS = 10;

export function howRunsEnded({ runs, manifest }: FigureData): Html {
  // Nothing was run.
  if (manifest.checkpoints) return { html: '' };
  const counts = new Map<string, { n: number; least: number; most: number }>();
  for (const run of runs) {
    const status = run?.status ?? 'not run';
    const known = counts.get(status) ?? { n: 0, least: Number.POSITIVE_INFINITY, most: 0 };
    const steps = run?.steps ?? 0;
    counts.set(status, { n: known.n + 1, least: Math.min(known.least, steps), most: Math.max(known.most, steps) });
  }
  const rows = [...counts].map(([status, { n, least, most }]) => [
    status,
    n,
    least === most ? least : `${least} to ${most}`,
  ]);
  const columns = [{ name: 'status' }, { name: 'runs', isNumber: true }, { name: 'steps made', isNumber: true }];
  const reasons = failureReasons(runs.filter((run) => run !== undefined));
  const messages = reasons
    .slice(0, MOST_REASONS)
    .map((reason) => html`<li>${whichFailed(reason)}: ${reason.message}</li>`);
  const more = reasons.length > MOST_REASONS ? `and ${reasons.length - MOST_REASONS} more reasons; see runs.csv` : '';
  const why = reasons.length === 0 ? { html: '' } : html`<p>Why runs failed:</p><ul>${messages}</ul><p>${more}</p>`;
  return html`<h2>How the runs ended</h2>
<p>${runs.length} runs. A run that diverged is a result; a run that is left out of a figure is counted there with its reason.</p>
${htmlTable(columns, rows)}${why}`;
}

export function whatClassifiersSay(data: FigureData): Html {
  const names = Object.keys(data.ground.classifiers);
  if (names.length === 0) return { html: '' };
  const tables = names.map((name) => {
    const verdicts = data.verdicts(name);
    const { labels, crossings } = verdicts;
    const given = data.runs.map((run) => runLabel(verdicts, run));
    const rows = labels.map((each) => [each, given.filter(({ label }) => label === each).length]);
    const none = Object.entries(countReasons(given)).map(([reason, count]) => [`no label: ${reason}`, count]);
    const columns = [{ name: 'label' }, { name: 'runs', isNumber: true }];
    const found =
      crossings.length > 0 ? `${crossings.length} points on boundaries, with bands, in boundaries.csv.` : '';
    return html`<h3>${name}</h3>${htmlTable(columns, [...rows, ...none])}<p>${found}</p>`;
  });
  return html`<h2>What the classifiers say</h2>${tables}`;
}

export function whatWasMeasured({ ground }: FigureData): Html {
  const rows = Object.entries(ground.channels).map(([name, { component, shape, unit, doc, leavesOut }]) => [
    name,
    component,
    shape.length === 0 ? 'number' : shape.join(' × '),
    unit,
    leavesOut === undefined ? doc : `${doc}; errors over seeds leave out ${leavesOut}`,
  ]);
  const columns = ['channel', 'observer', 'shape', 'unit', 'meaning'].map((name) => ({ name }));
  return html`<h2>What was measured</h2>${htmlTable(columns, rows)}`;
}

export function sources({ citations }: Manifest): Html {
  const items = citations.map((source) => html`<li>${source}</li>`);
  return html`<h2>Sources</h2><p>Of the components that were used.</p><ul>${items}</ul>`;
}

/** @param name of the results folder */
export function howToRepeat({ scenario, checkpoints, axes, title }: Manifest, name: string): Html {
  const draw = `eigenflow figures ${name}\neigenflow report ${name}`;
  if (checkpoints) {
    const { learningRate, batchSize, optimiser, momentum, stepsPerNumber } = checkpoints.told;
    const options = [
      ['layers', checkpoints.layers.map((layer) => layer.name).join(',')],
      ...Object.entries({ 'learning-rate': learningRate, 'batch-size': batchSize, optimiser, momentum }),
      ...(stepsPerNumber === 1 ? [] : [['steps-per-number', stepsPerNumber]]),
      ['out', name],
    ]
      .filter(([, value]) => value !== undefined)
      .map(([option, value]) => ` --${option} ${value}`);
    return html`<h2>How to repeat it</h2><p>With the folder that holds the checkpoints:</p>
<pre>eigenflow analyse CHECKPOINTS${options.join('')}\n${draw}</pre>`;
  }
  const replaced =
    axes.length === 0 ? '' : `Its values of ${axes.map((axis) => axis.name).join(', ')} are replaced by the sweep. `;
  return html`<h2>How to repeat it</h2>
<p>Save the scenario below as scenario.json; files and plugins that it names by path must lie next to it. ${replaced}The
same scenario and seed give the same bits.</p>
<pre>eigenflow run scenario.json --out ${name}\n${draw}</pre>
<details><summary>Scenario: ${title}</summary><pre>${JSON.stringify(scenario, null, 2)}</pre></details>`;
}
