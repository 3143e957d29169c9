// A report on a results folder: one HTML page that holds everything and loads nothing.
import { basename, join, resolve } from 'node:path';
import type { FigureDeclaration } from '../../figures/declaration.js';
import { drawFigure } from '../figures/draw-figure.js';
import { type FigurePlan, originOf, planFigures } from '../figures/figures.js';
import { renderSvg } from '../figures/render-figure.js';
import { writeFileAtomic } from '../results/atomic-file.js';
import { type Html, html, htmlPage } from './html.js';
import { howRunsEnded, howToRepeat, sources, whatClassifiersSay, whatWasMeasured, whatWasRun } from './sections.js';

/**
 * Writes `<folder>/report.html`.
 *
 * @param offered figures beside those that the scenario declares
 * @returns its path
 * @throws EigenflowError `scenario` when a declared figure does not fit the results, `results`, `arrays` or `file` when
 *   they cannot be read or the page cannot be written.
 */
export async function writeReport(folder: string, offered: readonly FigureDeclaration[] = []): Promise<string> {
  const plan = planFigures(folder, { offered });
  const { data } = plan;
  const { manifest } = data;
  const page = htmlPage(manifest.title, [
    html`<h1>${manifest.title}</h1>`,
    whatWasRun(manifest),
    howRunsEnded(data),
    await figures(folder, plan),
    whatClassifiersSay(data),
    whatWasMeasured(data),
    howToRepeat(manifest, basename(resolve(folder))),
    sources(manifest),
  ]);
  const path = join(folder, 'report.html');
  await writeFileAtomic(path, page);
  return path;
}

async function figures(folder: string, { data, chosen, left }: FigurePlan): Promise<Html> {
  const drawn: Html[] = [];
  for (const figure of chosen) drawn.push(await figureOf(folder, data, figure));
  const absent = left.map(({ name, reason }) => html`<li>${name}: ${reason}</li>`);
  const more = left.length === 1 ? 'One more figure needs' : `${left.length} more figures need`;
  const others =
    left.length === 0
      ? { html: '' }
      : html`<details><summary>${more} what is not stored</summary><ul>${absent}</ul></details>`;
  return html`<h2>Figures</h2>${drawn}${others}`;
}

async function figureOf(folder: string, data: FigurePlan['data'], figure: FigureDeclaration): Promise<Html> {
  const drawn = drawFigure(data, figure);
  const origin = originOf(folder, data, figure, drawn);
  const svg = { html: ownNames(await renderSvg(drawn.spec, origin), figure.name) };
  const { published } = figure;
  const paper = published ? ` After figure ${published.figure} of ${published.source}.` : '';
  return html`<figure id="${figure.name}">${svg}
<figcaption>${drawn.title}: ${drawn.sample}.${paper} Data ${origin.data}; <code>${origin.command}</code></figcaption></figure>`;
}

/** Names of clipping paths must differ between the figures of one page. */
function ownNames(svg: string, name: string): string {
  return svg.replace(/(id="|url\(#)(clip\d+)/g, `$1${name}-$2`);
}
