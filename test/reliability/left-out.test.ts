// Ten thousand runs, of which one in a hundred diverged and one in a hundred failed: whatever sums them up says how many
// were left out and why, and takes no number from them.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { blocks } from '../../analysis/export/blocks.js';
import { describeDataset } from '../../analysis/export/dataset.js';
import { drawFigures } from '../../analysis/figures/figures.js';
import { writeReport } from '../../analysis/report/report.js';
import type { RunStatus, Verdict } from '../../core/contracts/classifier.js';
import { mapPhases } from '../../core/phases/phase-map.js';
import { parseCsv } from '../../node/files/csv-cell.js';
import { analysisFolder, readManifest } from '../../node/results/results-folder.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { writeVerdicts } from '../../node/results/verdicts.js';
import { lossAt, writeSyntheticStudy } from '../analysis/synthetic-study.js';
import { eigenflow } from '../cli/command.js';
import { temporaryFolder } from '../node/files/temporary-folder.js';

const WIDTHS = Array.from({ length: 20 }, (_, i) => 1 + i);
const RATES = Array.from({ length: 10 }, (_, i) => 2 ** i);
const SEEDS = 50;
const RUNS = WIDTHS.length * RATES.length * SEEDS;
/** Cells without any other run. */
const ALL_DIVERGED = 3;
const ALL_FAILED = 8;

/** Beside those two cells, a run in every fourth cell each: 100 diverged and 100 failed in all. */
function statusOf(cell: number, seed: number): RunStatus {
  if (cell === ALL_DIVERGED || (cell % 4 === 2 && seed === 11)) return 'diverged';
  return cell === ALL_FAILED || (cell % 4 === 1 && seed === 10) ? 'failed' : 'completed';
}

const LABELS = ['ordered', 'jammed'];
const study = join(temporaryFolder(), 'study');
let rows: readonly RunRow[] = [];

/** Of the loss over the completed runs of a cell, by the formula behind the stored numbers. */
function medianOf(cell: number): number {
  const values = Array.from({ length: SEEDS }, (_, seed) => seed)
    .filter((seed) => statusOf(cell, seed) === 'completed')
    .map((seed) => lossAt(cell, seed, 1))
    .sort((a, b) => a - b);
  const half = values.length / 2;
  return values.length % 2 === 1 ? values[Math.floor(half)] : (values[half - 1] + values[half]) / 2;
}

const columnsOf = (path: string): Record<string, string>[] => {
  const [header, ...body] = parseCsv(readFileSync(path, 'utf8'));
  return body.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i]])));
};
const cellOf = (row: Record<string, string>) =>
  WIDTHS.indexOf(Number(row['model.initialWidth'])) * RATES.length +
  RATES.indexOf(Number(row['optimiser.learningRate']));

beforeAll(async () => {
  const plane = { x: { axis: 'model.initialWidth' }, y: { axis: 'optimiser.learningRate' } } as const;
  rows = writeSyntheticStudy(study, {
    widths: WIDTHS,
    rates: RATES,
    activations: ['tanh'],
    seeds: SEEDS,
    steps: [0, 1],
    levels: 1,
    weights: [1, 1],
    status: statusOf,
    message: (cell) => (cell === 5 ? 'no licence' : 'out of memory'),
    figures: [
      { kind: 'heat-map', name: 'map', value: 'loss.loss', ...plane },
      { kind: 'line', name: 'line', value: 'loss.loss', x: plane.y, where: { 'model.initialWidth': 1 } },
      { kind: 'phase-map', name: 'phases', classifier: 'halves', ...plane },
    ],
  });
  const judged = rows.filter(({ status }) => status !== 'failed');
  const verdicts = judged.map(({ status, label }): Verdict => {
    const given = status === 'completed' ? label : undefined;
    const probabilities = Object.fromEntries(LABELS.map((name) => [name, given ? Number(name === given) : Number.NaN]));
    return { label: given, probabilities, evidence: {} };
  });
  const { axes } = readManifest(study);
  const failed = rows.filter(({ status }) => status === 'failed');
  const target = join(analysisFolder(study), 'halves');
  mkdirSync(target, { recursive: true });
  const verdict = mapPhases(judged, verdicts, axes, { labels: LABELS });
  await writeVerdicts(study, target, judged, verdict, LABELS, axes, failed);
  await drawFigures(study);
}, 120_000);

const LEFT = '200 left out (100 diverged, 100 failed)';
/** What an SVG says in words, with its spaces that do not break as plain ones. */
function textOf(name: string): string {
  const svg = readFileSync(join(study, 'figures', name), 'utf8').replaceAll('\u00a0', ' ');
  return [...svg.matchAll(/<(?:desc|text)\b[^>]*>([^<]*)</g)].map(([, text]) => text).join('\n');
}

describe('of 10,000 runs, 100 diverged and 100 failed', () => {
  it('a map says so, and has medians over the others, with N, and named states where there is none', () => {
    const svg = textOf('map.svg');
    expect(svg).toContain(`${RUNS} runs, ${LEFT}`);
    for (const text of ['diverged (1 cell)', 'failed (1 cell)']) expect(svg).toContain(`no value: ${text}`);
    expect(svg).toContain('some runs left out (100 cells)');
    const cells = columnsOf(join(study, 'figures', 'map.csv'));
    expect(cells.length).toBe(RUNS / SEEDS);
    for (const row of cells) {
      const cell = cellOf(row);
      const [n, diverged, failed] = [row.n, row.diverged, row.failed].map(Number);
      expect(n + diverged + failed).toBe(SEEDS);
      if (cell === ALL_DIVERGED) expect([diverged, row.median]).toEqual([SEEDS, 'NaN']);
      else if (cell === ALL_FAILED) expect([failed, row.median]).toEqual([SEEDS, 'NaN']);
      else expect(Number(row.median)).toBeCloseTo(medianOf(cell), 12);
    }
  });

  it('a line says so, with its gaps', () => {
    const svg = textOf('line.svg');
    expect(svg).toContain('500 runs, 105 left out (52 diverged, 53 failed)');
    expect(svg).toContain('Gaps: 2 of 10 points have no value: 1 diverged, 1 failed.');
  });

  it('a phase map and the tables of a classifier count them', () => {
    expect(textOf('phases.svg')).toContain(`${RUNS} runs, ${LEFT}`);
    const cells = columnsOf(join(analysisFolder(study), 'halves', 'cells.csv'));
    const sum = (name: string) => cells.reduce((total, row) => total + Number(row[name]), 0);
    expect([cells.length, sum('n'), sum('unlabelled'), sum('failed')]).toEqual([RUNS / SEEDS, 9800, 100, 100]);
    const lost = cells.filter(({ n }) => n === '0').map((row) => [cellOf(row), row.label, row.failed]);
    expect(lost).toEqual([
      [ALL_DIVERGED, '', '0'],
      [ALL_FAILED, '', String(SEEDS)],
    ]);
  });

  it('the report says so under every figure and of every classifier, with every reason', async () => {
    const page = readFileSync(await writeReport(study), 'utf8').replaceAll('\u00a0', ' ');
    const captions = page.split('<figcaption>').slice(1);
    expect(captions.map((caption) => /\d+ left out \(.*?\)/.exec(caption)?.[0])).toEqual([
      LEFT,
      '105 left out (52 diverged, 53 failed)',
      LEFT,
    ]);
    expect(page).toMatch(/99 runs, the first synthetic-00001-10: out of memory/);
    expect(page).toContain('run synthetic-00005-10: no licence');
    for (const [state, count] of Object.entries({ completed: 9800, diverged: 100, 'no label: failed': 100 }))
      expect(page).toMatch(new RegExp(`<td>${state}</td>\\s*<td[^>]*>${count}</td>`));
  });

  it('the dataset has the status and the reason of each, NaN for what was not measured, and says so of itself', () => {
    const dataset = describeDataset(study);
    expect(dataset.attributes.runs).toBe(`${RUNS} runs: 9800 completed, 100 diverged, 100 failed`);
    const held = (name: string) => dataset.held.find((variable) => variable.name === name)?.values as string[];
    expect(held('status').filter((status) => status === 'diverged').length).toBe(100);
    expect(held('message').filter((message) => message === 'out of memory').length).toBe(99);
    const loss = dataset.measured.find(({ name }) => name === 'loss.loss');
    if (loss === undefined) throw new Error('no loss');
    const values = [...blocks(dataset)].flatMap((block) => [...block.values(loss)]);
    // Two frames of each run; those that diverged have theirs, up to the step at which they did.
    expect(values.filter(Number.isNaN).length).toBe(2 * 100);
    expect(Math.max(...values.filter((value) => !Number.isNaN(value)))).toBe(lossAt(0, SEEDS - 1, 0));
  });

  it('eigenflow status says so, with every reason', async () => {
    const { stdout, status } = await eigenflow(study, ['status', '.']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/completed 9800\n/);
    expect(stdout).toMatch(/diverged {2}100\n/);
    expect(stdout).toContain('failed: 99 runs, the first synthetic-00001-10: out of memory\n');
    expect(stdout).toContain('failed: run synthetic-00005-10: no licence\n');
  });
});
