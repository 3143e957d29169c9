// Draws the figures that a scenario declares, from stored results: restyling a figure never computes a run again.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Spec } from 'vega';
import { EigenflowError, suggest } from '../errors.js';
import { checkFigures } from '../figures/check.js';
import type { FigureDeclaration } from '../figures/declaration.js';
import { flowSpec } from '../figures/flow-spec.js';
import { heatMapSpec } from '../figures/heat-map-spec.js';
import { writeFileAtomic } from './atomic-file.js';
import { type RunGrid, readRunGrid } from './export/run-grid.js';
import { flowCsv, heatMapCsv } from './figure-csv.js';
import { readFlow, readHeatMap } from './figure-tables.js';
import { explainFileError } from './file-error.js';
import { renderPng, renderSvg } from './render-figure.js';

const PNG_SCALE = 2;

/**
 * Writes `figures/<name>.svg`, `.png` and `.csv` for each figure; older ones are replaced.
 *
 * @param folder a results folder
 * @param only the name of one figure; default: all
 * @returns the paths written
 * @throws EigenflowError `scenario` when a declaration does not fit the results, `results`, `arrays` or `file` when
 *   they cannot be read or the figure cannot be written.
 */
export async function drawFigures(folder: string, only?: string): Promise<string[]> {
  const grid = readRunGrid(folder);
  const declared = grid.manifest.scenario.figures ?? [];
  checkFigures(declared, grid.manifest);
  const target = join(folder, 'figures');
  const paths: string[] = [];
  for (const figure of choose(declared, only, folder)) {
    const drawn = draw(grid, figure);
    // The folder by its name: the same figure has the same bytes wherever the results lie.
    const command = `eigenflow figures ${basename(resolve(folder))} --only ${figure.name}`;
    paths.push(...(await writeFigure(target, figure.name, drawn, command, grid.manifest.versions.eigenflow)));
  }
  return paths;
}

/** A figure that is ready to be written. */
export interface Drawn {
  readonly spec: Spec;
  readonly csv: string;
  readonly title: string;
  /** Ids of the runs behind it. */
  readonly runs: readonly string[];
}

/**
 * Writes `<name>.svg`, `.png` and `.csv`.
 *
 * @param command what draws the figure again; kept in its metadata
 * @returns the paths written
 */
export async function writeFigure(
  target: string,
  name: string,
  drawn: Drawn,
  command: string,
  version: string,
): Promise<string[]> {
  const svg = await renderSvg(drawn.spec, { title: drawn.title, data: dataId(drawn.runs), command, version });
  createFolder(target);
  const files = { svg, png: renderPng(svg, PNG_SCALE), csv: drawn.csv };
  const paths: string[] = [];
  for (const [ending, content] of Object.entries(files)) {
    const path = join(target, `${name}.${ending}`);
    await writeFileAtomic(path, content);
    paths.push(path);
  }
  return paths;
}

function draw(grid: RunGrid, figure: FigureDeclaration): Drawn {
  if (figure.kind === 'heat-map') {
    const { table, runs } = readHeatMap(grid, figure);
    return {
      spec: heatMapSpec(table),
      csv: heatMapCsv(table, [figure.x.axis, figure.y.axis]),
      title: table.title,
      runs,
    };
  }
  const { table, runs } = readFlow(grid, figure);
  return { spec: flowSpec(table), csv: flowCsv(table), title: table.title, runs };
}

function choose(
  declared: readonly FigureDeclaration[],
  only: string | undefined,
  folder: string,
): readonly FigureDeclaration[] {
  if (only === undefined) return declared;
  const names = declared.map(({ name }) => name);
  const chosen = declared.filter(({ name }) => name === only);
  if (chosen.length > 0) return chosen;
  const known = names.length === 0 ? 'its scenario declares none' : `declared: ${names.join(', ')}`;
  throw new EigenflowError('results', folder, `no figure called "${only}"${suggest(only, names)}; ${known}`);
}

function dataId(runs: readonly string[]): string {
  return `sha256:${createHash('sha256')
    .update([...runs].sort().join('\n'))
    .digest('hex')
    .slice(0, 32)}`;
}

function createFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw explainFileError(error, path, 'write');
  }
}
