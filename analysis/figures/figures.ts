// Draws figures from stored results: restyling a figure never computes a run again.
import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import type { FigureDeclaration } from '../../core/contracts/figure.js';
import { EigenflowError, isEigenflowError, messageOf, suggest } from '../../core/errors.js';
import { checkFigure, checkFileName } from '../../core/figures/check.js';
import { checkDeclaredFields } from '../../core/figures/declared-fields.js';
import { missingNeeds } from '../../core/figures/needs.js';
import type { FigureGround } from '../../core/figures/sources.js';
import { makeHeldFolder, writeHeld } from '../../node/files/held-files.js';
import { TIE } from './draw/format.js';
import { type FigureLook, lookOptions } from './draw/look.js';
import { type Drawn, drawFigure } from './draw-figure.js';
import { type FigureData, openFigureData } from './figure-data.js';
import type { FigureOrigin } from './figure-origin.js';
import { FIGURE_FORMATS, type FigureFormat, renderFigure } from './render-figure.js';

export interface FigureOptions {
  /** Names, or numbers in a paper such as `fig9`. Default: all that the scenario declares. */
  readonly only?: readonly string[];
  /** Default: SVG, PDF and PNG. */
  readonly formats?: readonly FigureFormat[];
  /** Default: as each figure comes. */
  readonly look?: FigureLook;
  /** Figures beside those that the scenario declares, drawn where their channels are stored. */
  readonly offered?: readonly FigureDeclaration[];
  /** Folder to write to. Default: `figures` in the results folder, which may be somebody else's. */
  readonly out?: string;
}

/** A figure that was not drawn, and why. */
export interface LeftFigure {
  readonly name: string;
  readonly reason: string;
  /** The scenario declares it, or it fits and could not be drawn all the same: somebody will miss it. */
  readonly required: boolean;
}

export interface DrawnFigures {
  /** Paths written. */
  readonly paths: readonly string[];
  readonly left: readonly LeftFigure[];
}

/**
 * Writes `<out>/<name>.svg`, `.pdf`, `.png` and `.csv` for each figure; older ones are replaced. A figure of several
 * panels has one CSV each: `<name>-a.csv` and so on; a bare one has its words in `<name>.caption.txt`. A figure that does
 * not fit these results, or fails while it is drawn,
 * is left and does not keep the others.
 *
 * @param folder a results folder
 * @throws EigenflowError `results` when a figure asked for by name is not known or does not fit, or whatever it fails
 *   with; `results` or `file` when the results cannot be read or a figure cannot be written.
 */
export async function drawFigures(folder: string, options: FigureOptions = {}): Promise<DrawnFigures> {
  const { formats = FIGURE_FORMATS, look = {}, only } = options;
  const target = figureTarget(folder, options.out);
  const { data, chosen, left } = planFigures(folder, options);
  const paths: string[] = [];
  const failed: LeftFigure[] = [];
  for (const figure of chosen) {
    const made = await drawOrTell(figure, async () => {
      const drawn = drawFigure(data, figure, look);
      const origin = originOf(folder, data, figure, drawn, look);
      const files = await renderFigure(drawn.spec, origin, formats, { scale: drawn.scale, font: look.font });
      return { files, csv: drawn.csv, caption: look.bare ? drawn.caption : undefined };
    });
    // What was asked for by name is required.
    if ('error' in made && only !== undefined) throw made.error;
    if ('error' in made) failed.push(made.left);
    else paths.push(...(await writeFiles(target, figure.name, made.value)));
  }
  return { paths, left: [...left, ...failed] };
}

/** What drawing a figure gives, or what it fails with: one figure never takes the others with it. */
export async function drawOrTell<Value>(
  { name }: FigureDeclaration,
  draw: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly left: LeftFigure; readonly error: unknown }> {
  try {
    return { value: await draw() };
  } catch (error) {
    return { left: { name, reason: messageOf(error), required: true }, error };
  }
}

/** What can be drawn of a results folder. */
export interface FigurePlan {
  readonly data: FigureData;
  readonly chosen: readonly FigureDeclaration[];
  readonly left: readonly LeftFigure[];
}

/** Reads what is there and checks all figures against it. @throws EigenflowError `results` or `file`, as `drawFigures` */
export function planFigures(folder: string, { only, offered = [] }: FigureOptions): FigurePlan {
  const data = openFigureData(folder);
  const { manifest, ground } = data;
  const { declared, refused } = readDeclared(manifest.scenario.figures ?? []);
  const own = new Set([...declared, ...refused].map(({ name }) => name));
  // Of weights from elsewhere nothing else is known: neither theory nor what a study would have is put beside them.
  const suits = (figure: FigureDeclaration) =>
    manifest.checkpoints === undefined || only !== undefined || (drawsRuns(figure) && !unfit(figure, ground));
  const all = [...declared, ...offered.filter((figure) => !own.has(figure.name) && suits(figure))];
  const wanted = only === undefined ? all : only.flatMap((name) => choose(all, refused, name, folder));
  const left: LeftFigure[] = only === undefined ? [...refused] : [];
  const chosen: FigureDeclaration[] = [];
  for (const figure of wanted) {
    const reason = unfit(figure, ground);
    if (reason !== undefined && only !== undefined) throw cannotBeDrawn(folder, figure.name, reason);
    if (reason === undefined) chosen.push(figure);
    else left.push({ name: figure.name, reason, required: declared.includes(figure) });
  }
  return { data, chosen, left };
}

/** The figures of a scenario, and those of them that cannot be read: it may be older than what they are checked for. */
function readDeclared(figures: readonly unknown[]): { declared: FigureDeclaration[]; refused: LeftFigure[] } {
  const names = new Set<string>();
  const declared: FigureDeclaration[] = [];
  const refused: LeftFigure[] = [];
  for (const [i, figure] of figures.entries()) {
    const path = `figures[${i}]`;
    try {
      checkFileName(figure, path, names);
      declared.push(figure);
    } catch (error) {
      if (!isEigenflowError(error)) throw error;
      const { name = path } = (figure ?? {}) as { readonly name?: unknown };
      refused.push({ name: String(name), reason: error.message, required: true });
    }
  }
  return { declared, refused };
}

/** Whether anything but given curves is in it. */
const drawsRuns = (figure: FigureDeclaration) =>
  figure.kind === 'panels' ? figure.panels.some(({ kind }) => kind !== 'curves') : figure.kind !== 'curves';

const cannotBeDrawn = (folder: string, name: string, reason: string) =>
  new EigenflowError('results', folder, `${name} cannot be drawn: ${reason}`);

/** What a figure says of where it comes from. @param look where it is not the figure's own */
export function originOf(
  folder: string,
  { manifest }: FigureData,
  figure: FigureDeclaration,
  { title, sample, runs }: Drawn,
  look: FigureLook = {},
): FigureOrigin {
  // The folder by its name: the same figure has the same bytes wherever the results lie.
  const command = `eigenflow figures ${basename(resolve(folder))} --only ${figure.name}${lookOptions(look)}`;
  return { title, sample, data: dataId(runs), command, version: manifest.versions.eigenflow };
}

/** Where figures go. */
export interface FigureTarget {
  /** The folder that holds them: results, or the one that the user has named. */
  readonly holder: string;
  readonly path: string;
}

/** @param out that the user has named; default: `figures` in the folder */
export const figureTarget = (folder: string, out?: string): FigureTarget =>
  out === undefined ? { holder: folder, path: join(folder, 'figures') } : { holder: out, path: out };

/** Writes a figure in each format, and its numbers. @returns the paths written */
export async function writeFigure(
  target: FigureTarget,
  name: string,
  { spec, csv }: Pick<Drawn, 'spec' | 'csv'>,
  { formats, ...origin }: FigureOrigin & { readonly formats: readonly FigureFormat[] },
): Promise<string[]> {
  return writeFiles(target, name, { files: await renderFigure(spec, origin, formats), csv });
}

interface FigureFiles extends Pick<Drawn, 'csv'> {
  readonly files: Awaited<ReturnType<typeof renderFigure>>;
  /** Words that the figure does without. */
  readonly caption?: readonly string[];
}

async function writeFiles(
  { holder, path: target }: FigureTarget,
  name: string,
  { files, csv, caption }: FigureFiles,
): Promise<string[]> {
  makeHeldFolder(holder, target);
  const paths: string[] = [];
  const write = async (file: string, content: string | Uint8Array) => {
    const path = join(target, file);
    await writeHeld(holder, path, content);
    paths.push(path);
  };
  for (const [format, content] of files) await write(`${name}.${format}`, content);
  for (const [i, text] of csv.entries()) {
    await write(csv.length === 1 ? `${name}.csv` : `${name}-${String.fromCharCode(97 + i)}.csv`, text);
  }
  if (caption !== undefined) await write(`${name}.caption.txt`, `${caption.join('\n').replaceAll(TIE, ' ')}\n`);
  return paths;
}

/** Why a figure does not fit these results; undefined when it does. */
function unfit(figure: FigureDeclaration, ground: FigureGround): string | undefined {
  try {
    checkDeclaredFields(figure, '');
    const missing = missingNeeds(figure, ground);
    if (missing.length > 0) return `not stored: ${missing.join(', ')}`;
    checkFigure(figure, '', ground);
    return undefined;
  } catch (error) {
    if (!isEigenflowError(error)) throw error;
    // Paths in a figure begin with the dot after its own, which is empty here.
    const path = error.path.replace(/^\./, '');
    return path === '' ? error.reason : `${path}: ${error.reason}`;
  }
}

function choose(
  all: readonly FigureDeclaration[],
  refused: readonly LeftFigure[],
  wanted: string,
  folder: string,
): readonly FigureDeclaration[] {
  const chosen = all.filter(
    ({ name, published }) => name === wanted || (published && `fig${published.figure}` === wanted),
  );
  if (chosen.length > 0) return chosen;
  const bad = refused.find(({ name }) => name === wanted);
  if (bad !== undefined) throw cannotBeDrawn(folder, bad.name, bad.reason);
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
