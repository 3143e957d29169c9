// Draws figures from stored results: restyling a figure never computes a run again.
import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { EigenflowError, isEigenflowError, suggest } from '../../errors.js';
import { checkFigure, checkFigures } from '../../figures/check.js';
import type { FigureDeclaration } from '../../figures/declaration.js';
import type { FigureGround } from '../../figures/ground.js';
import { missingNeeds } from '../../figures/needs.js';
import type { FigureWidth } from '../../figures/style.js';
import { writeFileAtomic } from '../results/atomic-file.js';
import { makePlainFolder } from '../results/plain-file.js';
import { type Drawn, drawFigure } from './draw-figure.js';
import { type FigureData, openFigureData } from './figure-data.js';
import type { FigureOrigin } from './figure-origin.js';
import { FIGURE_FORMATS, type FigureFormat, renderFigure } from './render-figure.js';

export interface FigureOptions {
  /** Names, or numbers in a paper such as `fig9`. Default: all that the scenario declares. */
  readonly only?: readonly string[];
  /** Default: SVG, PDF and PNG. */
  readonly formats?: readonly FigureFormat[];
  /** Default: that of each figure. */
  readonly width?: FigureWidth;
  /** Figures beside those that the scenario declares, drawn where their channels are stored. */
  readonly offered?: readonly FigureDeclaration[];
}

export interface DrawnFigures {
  /** Paths written. */
  readonly paths: readonly string[];
  /** Offered figures that do not fit these results, and why. */
  readonly left: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Writes `figures/<name>.svg`, `.pdf`, `.png` and `.csv` for each figure; older ones are replaced. A figure of several
 * panels has one CSV each: `<name>-a.csv` and so on.
 *
 * @param folder a results folder
 * @throws EigenflowError `scenario` when a declaration of the scenario does not fit the results, `results` when a figure
 *   asked for by name is not known or cannot be drawn, `results`, `arrays` or `file` when they cannot be read or the
 *   figure cannot be written.
 */
export async function drawFigures(folder: string, options: FigureOptions = {}): Promise<DrawnFigures> {
  const { formats = FIGURE_FORMATS, width } = options;
  const { data, chosen, left } = planFigures(folder, options);
  const paths: string[] = [];
  for (const figure of chosen) {
    const drawn = drawFigure(data, figure, width);
    const origin = originOf(folder, data, figure, drawn, width);
    paths.push(...(await writeFigure(join(folder, 'figures'), figure.name, drawn, { ...origin, formats })));
  }
  return { paths, left };
}

/** What can be drawn of a results folder. */
export interface FigurePlan {
  readonly data: FigureData;
  readonly chosen: readonly FigureDeclaration[];
  readonly left: DrawnFigures['left'];
}

/** Reads what is there and checks all figures against it. @throws as `drawFigures` does */
export function planFigures(folder: string, { only, offered = [] }: FigureOptions): FigurePlan {
  const data = openFigureData(folder);
  const { manifest, ground } = data;
  const declared = manifest.scenario.figures ?? [];
  checkFigures(declared, ground);
  const own = new Set(declared.map(({ name }) => name));
  const all = [...declared, ...offered.filter(({ name }) => !own.has(name))];
  const wanted = only === undefined ? all : only.flatMap((name) => choose(all, name, folder));
  const left: { name: string; reason: string }[] = [];
  const chosen: FigureDeclaration[] = [];
  for (const figure of wanted) {
    const reason = unfit(figure, ground);
    // What was asked for by name is owed, or an answer.
    if (reason !== undefined && only !== undefined) {
      throw new EigenflowError('results', folder, `${figure.name} cannot be drawn: ${reason}`);
    }
    if (reason === undefined) chosen.push(figure);
    else left.push({ name: figure.name, reason });
  }
  return { data, chosen, left };
}

/** What a figure says of where it comes from. @param width where it is not the figure's own */
export function originOf(
  folder: string,
  { manifest }: FigureData,
  figure: FigureDeclaration,
  { title, sample, runs }: Drawn,
  width?: FigureWidth,
): FigureOrigin {
  // The folder by its name: the same figure has the same bytes wherever the results lie.
  const at = `eigenflow figures ${basename(resolve(folder))} --only ${figure.name}`;
  const command = width === undefined ? at : `${at} --width ${width}`;
  return { title, sample, data: dataId(runs), command, version: manifest.versions.eigenflow };
}

/** Writes a figure in each format, and its numbers. @returns the paths written */
export async function writeFigure(
  target: string,
  name: string,
  { spec, csv }: Pick<Drawn, 'spec' | 'csv'>,
  { formats, ...origin }: FigureOrigin & { readonly formats: readonly FigureFormat[] },
): Promise<string[]> {
  const files = await renderFigure(spec, origin, formats);
  makePlainFolder(target);
  const paths: string[] = [];
  const write = async (file: string, content: string | Uint8Array) => {
    const path = join(target, file);
    await writeFileAtomic(path, content);
    paths.push(path);
  };
  for (const [format, content] of files) await write(`${name}.${format}`, content);
  for (const [i, text] of csv.entries()) {
    await write(csv.length === 1 ? `${name}.csv` : `${name}-${String.fromCharCode(97 + i)}.csv`, text);
  }
  return paths;
}

/** Why a figure does not fit these results; undefined when it does. */
function unfit(figure: FigureDeclaration, ground: FigureGround): string | undefined {
  const missing = missingNeeds(figure, ground);
  if (missing.length > 0) return `not stored: ${missing.join(', ')}`;
  try {
    checkFigure(figure, '', ground);
    return undefined;
  } catch (error) {
    if (isEigenflowError(error)) return error.reason;
    throw error;
  }
}

function choose(all: readonly FigureDeclaration[], wanted: string, folder: string): readonly FigureDeclaration[] {
  const chosen = all.filter(
    ({ name, published }) => name === wanted || (published && `fig${published.figure}` === wanted),
  );
  if (chosen.length > 0) return chosen;
  const names = all.map(({ name }) => name);
  const known = names.length === 0 ? 'there are none' : `there are: ${names.join(', ')}`;
  throw new EigenflowError('results', folder, `no figure called "${wanted}"${suggest(wanted, names)}; ${known}`);
}

/** One name for a set of runs. */
export function dataId(runs: readonly string[]): string {
  if (runs.length === 0) return 'none';
  return `sha256:${createHash('sha256')
    .update([...runs].sort().join('\n'))
    .digest('hex')
    .slice(0, 32)}`;
}
