// A report on a comparison: one HTML page with the figure, the verdicts and what they rest on.
import { basename, resolve } from 'node:path';
import { describeRealisations } from '../../comparison/realisations.js';
import type { SurrogateReport } from '../../comparison/report.js';
import { assumptionLine, short, verdictLine, withError } from '../../comparison/verdict-text.js';
import { type ComparisonReports, readComparison } from '../comparison/comparison-reports.js';
import { comparisonFigure } from '../comparison/draw-comparison.js';
import { renderSvg } from '../figures/render-figure.js';
import { type Html, html, htmlPage, htmlTable } from './html.js';
import { writePage } from './write-page.js';

const list = (lines: readonly string[]): Html => html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

function whatTheSurrogateDoes({ surrogate, realisations, verdicts, spacings }: SurrogateReport): Html {
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
  return html`<h2>${surrogate}</h2><p>${describeRealisations(realisations.surrogate)}. By window of learning time:</p>${list(verdicts.map(verdictLine))}
<p>Spacings at the end, with the two-sample Kolmogorov-Smirnov distance and its p-value:</p>${htmlTable(columns, rows)}`;
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
    html`<h2>What the theory assumes, as measured under SGD</h2>${list(reports[0].verdicts.map(assumptionLine))}`,
    ...reports.map(whatTheSurrogateDoes),
    howToRepeat(compared, basename(resolve(folder))),
  ]);
  return writePage(page, folder, out);
}
