// A report on a comparison: one HTML page with the figure, the verdicts and what they rest on.
import { basename, join, resolve } from 'node:path';
import type { Json } from '../../core/contracts/json.js';
import type { ResolvedUse } from '../../core/scenario/resolve.js';
import { readManifest } from '../../node/results/results-folder.js';
import { comparisonFigure } from '../comparison/draw-comparison.js';
import { instanceFolder } from '../comparison/instance-folders.js';
import { INSTANCES_NOTE, instancesLine } from '../comparison/instances-text.js';
import { type ComparedInstances, readComparison } from '../comparison/read-comparison.js';
import { describeRealisations } from '../comparison/realisations.js';
import type { SurrogateReport } from '../comparison/surrogate-report.js';
import { assumptionLine, fittedLines, POWER_NOTE, short, verdictLine, withError } from '../comparison/verdict-text.js';
import { renderSvg } from '../figures/render-figure.js';
import { type Html, html, htmlPage, htmlTable } from './html.js';
import { writePage } from './write-page.js';

const list = (lines: readonly string[]): Html => html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

function whatTheSurrogateDoes({ surrogate, fitted, realisations, verdicts, spacings }: SurrogateReport): Html {
  const columns = [
    'levels',
    'mean spacing, SGD',
    'mean spacing, surrogate',
    'distance',
    'p',
    'N, SGD',
    'N, surrogate',
  ].map((name) => ({
    name,
    isNumber: name !== 'levels',
  }));
  const rows = spacings.map((s) => [
    ...[`${s.level}, ${s.level + 1}`, withError(s.reference), withError(s.surrogate)],
    ...[short(s.distance), short(s.pValue, 2), s.reference.n, s.surrogate.n],
  ]);
  return html`<h2>${surrogate}</h2>${fittedLines({ fitted, realisations }).map((line) => html`<p>${line}.</p>`)}<p>${describeRealisations(realisations.surrogate)}. By window of learning time:</p>${list(verdicts.map(verdictLine))}
<p>Spacings at the end, with the two-sample Kolmogorov-Smirnov distance and its p-value:</p>${htmlTable(columns, rows)}`;
}

/** Stands for the content of a file; its start tells two of them apart. */
const DIGEST = /^[0-9a-f]{64}$/;

/** The settings of a slot as one writes them, without those that realisations differ in: "langevin, temperature 0.03125". */
function settingsOf({ use, params }: ResolvedUse, slot: string, swept: readonly string[]): string {
  const text = (value: Json) => {
    if (typeof value === 'string' && DIGEST.test(value)) return value.slice(0, 8);
    return typeof value === 'object' ? JSON.stringify(value) : value;
  };
  const told = Object.entries(params)
    .filter(([name, value]) => value !== undefined && value !== null && !swept.includes(`${slot}.${name}`))
    .map(([name, value]) => `${name} ${text(value)}`);
  return [use, ...told].join(', ');
}

/** Model, noise and optimiser of every dynamics with all their parameters, and what differs as they declare it. */
/** "root seed 3", or "root seeds 3 to 5, one for each instance" */
function seedsText(folder: string, instances: number): string {
  const seedOf = (instance: number) =>
    readManifest(join(instanceFolder(folder, instance), 'reference')).resolved?.rootSeed ?? 'not known';
  if (instances === 1) return `root seed ${seedOf(1)}`;
  return `root seeds ${seedOf(1)} to ${seedOf(instances)}, one for each of ${instances} instances`;
}

/** Every surrogate over all instances, and what each instance says on its own; nothing for one instance. */
function overInstances({ instances, overall }: ComparedInstances): Html {
  if (overall.length === 0) return html``;
  const columns = ['surrogate', 'window', 'all', ...instances.map((_, i) => `instance ${i + 1}`)].map((name) => ({
    name,
    isNumber: false,
  }));
  const rows = overall.flatMap(({ surrogate, verdicts }, s) =>
    verdicts.map(({ from, to, outcome }, w) => [
      ...[surrogate, `${short(from)} to ${short(to)}`, outcome],
      ...instances.map(({ reports }) => reports[s].verdicts[w].outcome),
    ]),
  );
  return html`<h2>Over ${instances.length} instances</h2><p>Each has a teacher, data and first weights of its own, as far as
they are drawn. By window of learning time:</p>${overall.map(
    ({ surrogate, verdicts }) => html`<h3>${surrogate}</h3>${list(verdicts.map(instancesLine))}`,
  )}<p>${INSTANCES_NOTE}.</p>${htmlTable(columns, rows)}<p>What follows is of instance 1.</p>`;
}

function whatWasCompared(folder: string, { record, instances }: ComparedInstances): Html {
  const slots = ['model', 'loss', 'noise', 'optimiser'] as const;
  const columns = ['dynamics', ...slots].map((name) => ({ name, isNumber: false }));
  const rows = ['reference', ...record.surrogates].map((name) => {
    const { resolved, axes } = readManifest(join(folder, name));
    const swept = axes.map((axis) => axis.name);
    return [name, ...slots.map((slot) => (resolved ? settingsOf(resolved[slot], slot, swept) : ''))];
  });
  const { resolved } = readManifest(join(folder, 'reference'));
  const length = resolved && 'time' in resolved.length ? `, learning time ${resolved.length.time}` : '';
  const differences = Object.entries(record.differences ?? {}).flatMap(([name, found]) =>
    found.map((difference) => `${name}: not the same dynamics: ${difference}`),
  );
  return html`<h2>What was compared</h2><p>Scenario <code>${record.scenario}</code>, ${seedsText(folder, instances.length)}${length}.</p>
${htmlTable(columns, rows)}${list(differences)}`;
}

function howToRepeat({ record, instances }: ComparedInstances, name: string): Html {
  const several = instances.length > 1 ? ` --instances ${instances.length}` : '';
  const commands = `eigenflow compare ${record.scenario}${several} --out ${name}\neigenflow figures ${name}\neigenflow report ${name}`;
  const folders = instances.flatMap((_, i) =>
    ['reference', ...record.surrogates].map(
      (part) => html`<li><code>${join(instanceFolder(name, i + 1), part)}</code></li>`,
    ),
  );
  return html`<h2>How to repeat it</h2><pre>${commands}</pre>
<p>The runs are results folders like any other:</p><ul>${folders}</ul>`;
}

/**
 * Writes the page on a comparison.
 *
 * @param out as `writePage` takes it
 * @returns its path
 * @throws EigenflowError `results` or `file` when the runs cannot be read or the page cannot be written
 */
export async function writeComparisonPage(folder: string, out?: string): Promise<string> {
  const compared = readComparison(folder);
  const { record, reports, realisations } = compared;
  const { spec, origin } = comparisonFigure(folder, compared);
  const svg = { html: await renderSvg(spec, origin) };
  const page = htmlPage(record.title, [
    html`<h1>${record.title}</h1>`,
    html`<p>The ${record.top} largest levels of <code>${record.levels}</code> under SGD and under ${reports.length}
surrogates, at equal learning time; realisations of the noise from the same weights on the same data. Under SGD:
${describeRealisations(realisations)}.</p>`,
    html`<figure>${svg}<figcaption>Data ${origin.data}; <code>${origin.command}</code></figcaption></figure>`,
    whatWasCompared(folder, compared),
    overInstances(compared),
    html`<p>${POWER_NOTE}.</p>`,
    html`<h2>What the theory assumes, as measured under SGD</h2>${list(reports[0].verdicts.map(assumptionLine))}`,
    ...reports.map(whatTheSurrogateDoes),
    howToRepeat(compared, basename(resolve(folder))),
  ]);
  return writePage(page, folder, out);
}
