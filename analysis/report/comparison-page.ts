// A report on a comparison: one HTML page with the figure, the verdicts and what they rest on.
import { basename, join, resolve } from 'node:path';
import type { Json } from '../../core/contracts/json.js';
import type { ResolvedUse } from '../../core/scenario/resolve.js';
import { readManifest } from '../../node/results/results-folder.js';
import { type ComparisonReports, readComparison } from '../comparison/comparison-reports.js';
import { comparisonFigure } from '../comparison/draw-comparison.js';
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
function whatWasCompared(folder: string, { record }: ComparisonReports): Html {
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
  return html`<h2>What was compared</h2><p>Scenario <code>${record.scenario}</code>, root seed ${resolved?.rootSeed ?? 'not known'}${length}.</p>
${htmlTable(columns, rows)}${list(differences)}`;
}

function howToRepeat({ record }: ComparisonReports, name: string): Html {
  const commands = `eigenflow compare ${record.scenario} --out ${name}\neigenflow figures ${name}\neigenflow report ${name}`;
  const folders = ['reference', ...record.surrogates].map((part) => html`<li><code>${name}/${part}</code></li>`);
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
    html`<p>${POWER_NOTE}.</p>`,
    html`<h2>What the theory assumes, as measured under SGD</h2>${list(reports[0].verdicts.map(assumptionLine))}`,
    ...reports.map(whatTheSurrogateDoes),
    howToRepeat(compared, basename(resolve(folder))),
  ]);
  return writePage(page, folder, out);
}
