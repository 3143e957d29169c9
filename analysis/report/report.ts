// A report on a results folder: one HTML page that holds everything and loads nothing.
import { basename, resolve } from 'node:path';
import type { FigureDeclaration } from '../../core/contracts/figure.js';
import { isEigenflowError } from '../../core/errors.js';
import { drawFigure } from '../figures/draw-figure.js';
import { drawOrTell, type FigurePlan, type LeftFigure, originOf, planFigures } from '../figures/figures.js';
import { renderSvg } from '../figures/render-figure.js';
import { type Html, html, htmlPage } from './html.js';
import { howRunsEnded, howToRepeat, sources, whatClassifiersSay, whatWasMeasured, whatWasRun } from './sections.js';
import { writePage } from './write-page.js';

/**
 * Writes the page on a results folder.
 *
 * @param offered figures beside those that the scenario declares
 * @param out as `writePage` takes it
 * @returns its path
 * @throws EigenflowError `results` or `file` when the results cannot be read or the page cannot be written. A figure that
 *   cannot be drawn is named on the page.
 */
export async function writeReport(
  folder: string,
  offered: readonly FigureDeclaration[] = [],
  out?: string,
): Promise<string> {
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
  return writePage(page, folder, out);
}

async function figures(folder: string, { data, chosen, left }: FigurePlan): Promise<Html> {
  const drawn: Html[] = [];
  const required = left.filter((figure) => figure.required);
  for (const figure of chosen) {
    const made = await drawOrTell(figure, () => figureOf(folder, data, figure));
    // A disk that does not give a file says nothing of the figure: the page would look as if it could not be drawn.
    if ('error' in made && isEigenflowError(made.error) && made.error.code === 'file') throw made.error;
    if ('error' in made) required.push(made.left);
    else drawn.push(made.value);
  }
  const offered = left.filter((figure) => !figure.required);
  const more = offered.length === 1 ? 'One more figure needs' : `${offered.length} more figures need`;
  const failed = required.length === 0 ? { html: '' } : html`<p>Not drawn:</p><ul>${listed(required)}</ul>`;
  const others =
    offered.length === 0
      ? { html: '' }
      : html`<details><summary>${more} what is not stored</summary><ul>${listed(offered)}</ul></details>`;
  return html`<h2>Figures</h2>${drawn}${failed}${others}`;
}

const listed = (left: readonly LeftFigure[]) => left.map(({ name, reason }) => html`<li>${name}: ${reason}</li>`);

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
