// Figures as files: what is in the SVG, that text is really drawn in the PNG, and that mistakes are named.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { heatMapPanel } from '../../../analysis/figures/draw/heat-map-panel.js';
import type { HeatMapTable } from '../../../analysis/figures/draw/heat-map-table.js';
import { pageSpec } from '../../../analysis/figures/draw/page.js';
import { openFigureData } from '../../../analysis/figures/figure-data.js';
import { readFlow, readHeatMap } from '../../../analysis/figures/figure-tables.js';
import { drawFigures } from '../../../analysis/figures/figures.js';
import { renderPng, renderSvg } from '../../../analysis/figures/render-figure.js';
import { terminalMap } from '../../../cli/terminal-map.js';
import type { FigureDeclaration, HeatMapDeclaration } from '../../../core/contracts/figure.js';
import { checkFigures } from '../../../core/figures/check.js';
import { temporaryFolder } from '../../node/files/temporary-folder.js';
import { lossAt, writeSyntheticStudy } from '../synthetic-study.js';

const folder = temporaryFolder();
const map: HeatMapDeclaration = {
  kind: 'heat-map',
  name: 'loss',
  title: 'Loss & more at the <end>',
  value: 'loss.loss',
  color: 'log',
  x: { axis: 'model.initialWidth', inverse: true, label: '1 / initial width' },
  y: { axis: 'optimiser.learningRate' },
  where: { 'model.activation': 'tanh' },
};
const figures: FigureDeclaration[] = [
  map,
  { kind: 'flow', name: 'flow', value: 'spectrum.levels', x: 'epoch', panels: 'cell', yScale: 'log' },
];
const study = join(folder, 'study');
writeSyntheticStudy(study, { figures });

describe('files', () => {
  test('are an SVG with text and origin, a PNG and the numbers', async () => {
    const { paths } = await drawFigures(study);
    expect(paths.map((path) => path.slice(study.length + 1))).toEqual([
      'figures/loss.svg',
      'figures/loss.pdf',
      'figures/loss.png',
      'figures/loss.csv',
      'figures/flow.svg',
      'figures/flow.pdf',
      'figures/flow.png',
      'figures/flow.csv',
    ]);
    const svg = readFileSync(paths[0], 'utf8');
    expect(svg).toContain('>1 / initial width</text>');
    expect(svg).toContain('<title>Loss &amp; more at the &lt;end&gt;</title>');
    expect(svg).toMatch(
      /data="sha256:[0-9a-f]{32}" sample="median[^"]+" command="eigenflow figures study --only loss"/,
    );
    expect(svg).toContain('median over N\u00a0=\u00a02\u00a0seeds');
    expect(svg).toContain('1\u00a0failed');
    expect([...readFileSync(paths[2]).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    expect(readFileSync(paths[7], 'utf8').split('\n')[0]).toBe('panel,seed,status,epochs,level index (from 0),levels');
  });

  test('are the same bytes when drawn again', async () => {
    const { paths } = await drawFigures(study, { only: ['loss'] });
    const before = paths.map((path) => readFileSync(path));
    await drawFigures(study, { only: ['loss'] });
    expect(paths.map((path) => readFileSync(path))).toEqual(before);
  });

  test('the PNG changes with the text: letters are drawn', async () => {
    const { table } = readHeatMap(openFigureData(study), map);
    const origin = { title: '', sample: '', data: '', command: '', version: '' };
    const draw = async (label: string) =>
      renderPng(await renderSvg(page({ ...table, x: { ...table.x, label } }), origin), 1, origin);
    const page = (drawn: HeatMapTable) =>
      pageSpec({ title: '', panels: [(width) => heatMapPanel(drawn, width)], columns: 1, width: 'column' }).spec;
    expect(await draw('width')).not.toEqual(await draw('     '));
    expect(await draw('σ')).not.toEqual(await draw('λ'));
  });

  test('one figure by name; an unknown name is answered with a suggestion', async () => {
    await expect(drawFigures(study, { only: ['los'] })).rejects.toThrow('no figure called "los"; did you mean "loss"?');
    const bare = join(folder, 'bare');
    writeSyntheticStudy(bare);
    expect(await drawFigures(bare)).toEqual({ paths: [], left: [] });
    expect(existsSync(join(bare, 'figures'))).toBe(false);
  });
});

describe('numbers', () => {
  test('are those of the last frame of whole runs', () => {
    const { table, runs } = readHeatMap(openFigureData(study), map);
    // Activation tanh: cells 0, 2, 4, ...; cell 2 lost seed 1 (failed), cell 4 lost seed 0 (missing).
    const cell = (width: number, rate: number) =>
      table.cells.find(({ column, row }) => table.x.values[column] === width && table.y.values[row] === rate);
    expect(cell(0.5, 0.25)).toMatchObject({ value: (lossAt(0, 0, 3) + lossAt(0, 1, 3)) / 2, n: 2, leftOut: {} });
    expect(cell(0.5, 0.5)).toMatchObject({ value: lossAt(2, 0, 3), n: 1, leftOut: { failed: 1 } });
    expect(cell(1, 0.25)).toMatchObject({ value: lossAt(4, 1, 3), n: 1, leftOut: { missing: 1 } });
    expect(runs).toHaveLength(11);
  });

  test('of an early frame include runs that diverged later', () => {
    const erf = { ...map, where: { 'model.activation': 'erf' } };
    const last = readHeatMap(openFigureData(study), erf).table.leftOut;
    const early = readHeatMap(openFigureData(study), { ...erf, frame: 1 }).table.leftOut;
    expect([last, early]).toEqual([{ diverged: 1 }, {}]);
  });

  test('of a flow count from later on, without the frames before', () => {
    const flow = { kind: 'flow', value: 'spectrum.levels', x: 'step' } as const;
    const data = openFigureData(study);
    const all = readFlow(data, flow).table;
    const at = all.panels[0].x[1];
    const { panels, xLabel } = readFlow(data, { ...flow, since: at }).table;
    expect(panels[0].x).toEqual(all.panels[0].x.slice(1).map((x) => x - at));
    expect(panels[0].values).toEqual(all.panels[0].values.slice(1));
    expect(xLabel).toBe(`steps since ${at}`);
  });
  test('of a flow are one run per panel', () => {
    const { table } = readFlow(openFigureData(study), { kind: 'flow', value: 'loss.loss', x: 'time', seed: 1 });
    expect(table.panels).toHaveLength(12);
    expect(table.panels[2]).toMatchObject({ status: 'failed', x: [] });
    expect(table.panels[3].values.flat()).toEqual([0, 1, 2, 3].map((frame) => lossAt(3, 1, frame)));
    expect(table.panels[3].x).toEqual([0, 0.5, 5, 50]);
  });
});

describe('a declaration that does not fit', () => {
  const { ground } = openFigureData(study);
  test.each<[object, string]>([
    [{ value: 'loss.los' }, 'figures[0].value: no channel called "loss.los"; did you mean "loss.loss"?'],
    [{ x: { axis: 'model.width' } }, 'figures[0].x.axis: no sweep axis called "model.width"'],
    [
      { where: {} },
      'figures[0]: the sweep also varies model.activation; choose one value, for example where: { \'model.activation\': "tanh" }',
    ],
    [{ where: { 'model.activation': 'relu' } }, 'the axis has no value "relu"; it has "tanh", "erf"'],
    [{ x: { axis: 'noise.batchSize' } }, 'varies together with the x axis'],
    [{ value: 'weights.W' }, 'weights.W has frames of shape [2, 3]; write element: [0, 0]'],
    [{ y: { axis: 'optimiser.learningRate', divideBy: 'noise.batchSize' } }, 'are drawn at the same place'],
    [{ y: { axis: 'optimiser.learningRate', divideBy: 'noise.size' } }, '"noise.size" is not a number in the scenario'],
    [{ element: [1] }, 'loss.loss has frames of shape []; leave `element` out'],
    [{ name: '../x' }, 'cannot be a file name'],
    [{ limits: [0, 1] }, 'a log scale needs limits above 0'],
    [{ kind: 'pie' }, 'no figure of kind "pie"'],
  ])('%j is answered', (change, message) => {
    expect(() => checkFigures([{ ...map, ...change } as FigureDeclaration], ground)).toThrow(message);
  });
});

describe('the map in a terminal', () => {
  const { table } = readHeatMap(openFigureData(study), { ...map, where: { 'model.activation': 'erf' } });
  test('in characters', () => {
    expect(terminalMap(table, { depth: 1 })).toMatchInlineSnapshot(`
      "Loss & more at the <end>
      median over N = 2 seeds; 12 runs, 1 left out (1 diverged); activation = erf

      learning rate (1/loss) ↑
      2⁻¹ ......::::::++++++
      2⁻² ......------@@@@@'
          2⁻¹   2⁰    2¹
          1 / initial width →

      loss, logarithmic: 0.01563 ..::--==++**%%@@ 0.125
      '  some runs left out
      "
    `);
  });
  test('in colour resets after every line', () => {
    const lines = terminalMap(table, { depth: 24 }).split('\n');
    const colored = lines.filter((line) => line.includes('\u001b[48;2;'));
    expect(colored.length).toBe(3);
    for (const line of colored) expect(line.lastIndexOf('\u001b[0m')).toBeGreaterThan(line.lastIndexOf('\u001b[48'));
  });
});
