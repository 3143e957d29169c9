// The figures of arXiv:2509.01349 by their numbers, from a small sweep of the published kind: each draws the panels that the
// paper has, with the numbers that are stored.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import type { FigureLook } from '../../../analysis/figures/draw/look.js';
import { openFigureData } from '../../../analysis/figures/figure-data.js';
import { drawFigures } from '../../../analysis/figures/figures.js';
import { gridPoints, runFrame } from '../../../analysis/figures/grid-points.js';
import type { FigureFormat } from '../../../analysis/figures/render-figure.js';
import { parseCsv } from '../../../node/files/csv-cell.js';
import figuresPlugin from '../../../plugins/phase-diagram-figures/index.js';
import preview from '../../../scenarios/phase-diagram-preview.js';
import { eigenflow, eigenflowMany } from '../../cli/command.js';
import { newFolder } from '../../node/studies.js';

const offered = figuresPlugin.figures ?? [];
const folder = newFolder();
const results = join(folder, 'results', 'small');
const seeds = 3;
const axes = {
  'model.initialWidth': [0.125, 1, 4, 16, 64, 256],
  'optimiser.learningRate': [0.125, 1, 16],
};

beforeAll(async () => {
  const small = {
    ...preview,
    epochs: 2,
    model: { ...preview.model, samples: 40 },
    observers: { ...preview.observers, spectrum: { use: 'gram-spectrum', block: 'W', when: { atEpochs: [0, 1, 2] } } },
    sweep: { axes, seeds },
    figures: [],
  };
  writeFileSync(join(folder, 'small.json'), JSON.stringify(small));
  const run = await eigenflow(folder, ['run', 'small.json', '--export', 'none', '--no-figures']);
  expect(run.status, run.stderr).toBe(0);
  const analysis = ['analyse', 'results/small', '--classifiers', 'dyson-boundary-published'];
  const analysed = await eigenflow(folder, analysis);
  expect(analysed.status, analysed.stderr).toBe(0);
});

const table = (name: string) => {
  const [header, ...rows] = parseCsv(readFileSync(join(results, 'figures', `${name}.csv`), 'utf8'));
  return rows.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i]])));
};
const svgOf = (name: string) => readFileSync(join(results, 'figures', `${name}.svg`), 'utf8');

const PANELS: readonly (readonly [figure: string, ...headers: string[]])[] = [
  ['fig1', 'curve,φ,density', 'curve,z,φ'],
  ['fig2', 'mean'],
  ['fig3', 'model.initialWidth', 'model.initialWidth'],
  ['fig4', 'median', 'median', 'median'],
  ['fig5', 'mean', 'mean'],
  ['fig6', 'panel'],
  ['fig7', 'mean'],
  ['fig8', 'median', 'mean', 'mean'],
  ['fig9', 'mean', 'mean', 'mean', 'mean'],
];

describe('figures by number', () => {
  test.each(PANELS)('%s has its panels', async (figure, ...headers) => {
    const { paths } = await drawFigures(results, { offered, only: [figure], formats: ['svg'] });
    const tables = paths.filter((path) => path.endsWith('.csv'));
    expect(tables).toHaveLength(headers.length);
    for (const [i, header] of headers.entries()) {
      expect(readFileSync(tables[i], 'utf8').split('\n')[0]).toContain(header);
    }
    const drawn = svgOf(figure);
    expect(drawn).not.toContain('NaN');
    // What is lowered is lowered, and nothing is called by a path or a name of code.
    expect(drawn.replace(/<(title|desc|metadata)>.*?<\/\1>/gs, '')).not.toMatch(
      />[^<]*(_|\w\.[a-z]+[A-Z]|[a-z][A-Z])[^<]*</,
    );
  });

  test('only exactly what there is: other numbers are not known', async () => {
    await expect(drawFigures(results, { offered, only: ['fig10'] })).rejects.toThrow('no figure called "fig10"');
  });
});

describe('their numbers', () => {
  const data = () => openFigureData(results);
  const ofRuns = (channel: string, width: number, rate: number) =>
    gridPoints(data(), { 'model.initialWidth': width, 'optimiser.learningRate': rate }).map(
      ({ run }) => runFrame(data(), channel, 'last', run).values?.[0] ?? Number.NaN,
    );
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test('figure 2 is the mean squared error, twice the loss, over 1/sigma_W and T', () => {
    const rows = table('fig2');
    expect(rows).toHaveLength(18);
    for (const row of rows) {
      const [width, rate] = [Number(row['model.initialWidth']), Number(row['optimiser.learningRate'])];
      expect(Number(row.x)).toBe(1 / width);
      expect(Number(row.y)).toBe(rate / 4);
      expect(Number(row.mean)).toBeCloseTo(2 * mean(ofRuns('test-loss.loss', width, rate)), 12);
    }
  });

  test('figure 6 has 16 levels at three times in each regime, and those of the teacher, which is one for all', () => {
    const rows = table('fig6');
    const panels = [...new Set(rows.map(({ panel }) => panel))];
    expect(panels).toEqual([
      'ordered: T = 2⁻⁵, 1/σ_W = 8',
      'paramagnetic: T = 4, 1/σ_W = 8',
      'jammed: T = 2⁻⁵, 1/σ_W = 2⁻⁸',
    ]);
    const references = panels.map((panel) =>
      rows.filter((row) => row.panel === panel && row.status === 'reference').map(({ x_i }) => x_i),
    );
    expect(references.map(({ length }) => length)).toEqual([16, 16, 16]);
    expect(new Set(references.map(String)).size).toBe(1);
    expect(rows).toHaveLength(3 * 16 * 4);
    expect(svgOf('fig6').match(/stroke-dasharray="3,2"/g)?.length).toBeGreaterThanOrEqual(3 * 16);
  });

  test('figure 8 marks T_c where the fraction of bounded seeds passes each level for the last time', () => {
    const verdicts = parseCsv(
      readFileSync(join(results, 'analysis', 'dyson-boundary-published', 'verdicts.csv'), 'utf8'),
    );
    const column = (name: string) => verdicts[0].indexOf(name);
    const rates = axes['optimiser.learningRate'];
    const fractions = rates.map((rate) => {
      const labels = verdicts
        .slice(1)
        .filter((row) => Number(row[column('model.initialWidth')]) === 0.125)
        .filter((row) => Number(row[column('optimiser.learningRate')]) === rate)
        .map((row) => row[column('label')]);
      expect(labels).toHaveLength(seeds);
      return labels.filter((label) => label !== 'paramagnetic').length / seeds;
    });
    const text = svgOf('fig8');
    for (const [level, shown] of [
      [0.68, '68'],
      [0.95, '95'],
      [0.997, '99.7'],
    ] as const) {
      const last = fractions.map((fraction) => fraction > level).lastIndexOf(true);
      const marked = last >= 0 && last + 1 < rates.length;
      const lines = text.match(new RegExp(`> \\(${shown.replace('.', '\\.')}\u00a0%\\) = ([\\d.]+)<`));
      expect(lines?.[1]).toBe(marked ? formatNumber((rates[last] + rates[last + 1]) / 8) : undefined);
    }
  });
});

test('a folder that lacks something is told which observer, classifier or sweep it needs', async () => {
  const own = newFolder();
  const { criterion: _criterion, 'mean-loss': _mean, target: _target, ...others } = preview.observers ?? {};
  const observers = { ...others, spectrum: { use: 'gram-spectrum', block: 'W', when: { at: [0, 'end'] } } };
  const bare = { ...preview, epochs: 2, model: { ...preview.model, samples: 40 }, observers, figures: [] };
  writeFileSync(join(own, 'bare.json'), JSON.stringify({ ...bare, sweep: { seeds: 1 } }));
  const run = await eigenflow(own, ['run', 'bare.json', '--export', 'none', '--no-figures']);
  expect(run.status, run.stderr).toBe(0);
  const reason = async (figure: string) => {
    const { left } = await drawFigures(join(own, 'results', 'bare'), { offered, formats: ['svg'] });
    return left.find(({ name }) => name === figure)?.reason;
  };
  expect(await reason('fig3')).toContain(
    "epoch-mean-loss.loss (an observer { use: 'epoch-mean-loss' }), a sweep over optimiser.learningRate, a sweep over model.initialWidth",
  );
  expect(await reason('fig6')).toContain("target-spectrum.levels (an observer { use: 'target-spectrum' })");
  expect(await reason('fig9')).toContain('eigenflow analyse FOLDER --classifiers dyson-boundary-published');
});

describe('the bare look', () => {
  const draw = async (look: FigureLook, formats: readonly FigureFormat[] = ['svg']) => {
    await drawFigures(results, { offered, only: ['fig9'], formats, look });
    return svgOf('fig9');
  };
  const drawnText = (svg: string) => svg.replace(/<(title|desc|metadata)>.*?<\/\1>/gs, '');

  test('has no title and no sample: these are in a file for the caption', async () => {
    const bare = drawnText(await draw({ bare: true }));
    for (const word of ['Phase diagram', 'seeds', 'Test loss', 'initial width']) expect(bare).not.toContain(word);
    for (const word of ['>(a)<', '>(d)<', '>mean squared error<']) expect(bare).toContain(word);
    const caption = readFileSync(join(results, 'figures', 'fig9.caption.txt'), 'utf8');
    for (const word of ['Phase diagram', 'N = 3 seeds', '(a) Test loss', 'Contours where'])
      expect(caption).toContain(word);
    expect(drawnText(await draw({}))).toContain('Phase diagram');
  });

  test('has the width and the size of letters that are asked for', async () => {
    const size = (svg: string) => {
      const [, width, box] = /^<svg[^>]* width="([\d.]+)"[^>]* viewBox="0 0 ([\d.]+)/.exec(svg) ?? [];
      const label = /font-size="([\d.]+)px"[^>]*>mean squared error</.exec(svg)?.[1];
      return { inches: Number(width) / 96, points: (Number(label) * 0.75 * Number(width)) / Number(box) };
    };
    const look = size(await draw({ bare: true, width: 5.5, fontSize: 9 }));
    expect(look.inches).toBeCloseTo(5.5, 6);
    expect(look.points).toBeCloseTo(9, 6);
    expect(size(await draw({ width: 'page' })).inches).toBeCloseTo(7, 6);
  });

  test('has its font in every format', async () => {
    const svg = await draw({ bare: true, font: 'DejaVu Serif' }, ['svg', 'pdf', 'png']);
    expect(svg).toContain('font-family="DejaVu Serif, DejaVu Sans, Verdana, sans-serif"');
    const pdf = () => readFileSync(join(results, 'figures', 'fig9.pdf'), 'latin1');
    expect(pdf()).toMatch(/\+DejaVuSerif\b/);
    expect(pdf()).not.toMatch(/\+DejaVuSans\b/);
    const serif = readFileSync(join(results, 'figures', 'fig9.png'));
    const font = new URL('../../../node_modules/dejavu-fonts-ttf/ttf/DejaVuSerif-Italic.ttf', import.meta.url).pathname;
    await draw({ bare: true, font }, ['svg', 'pdf', 'png']);
    expect(pdf()).toMatch(/\+DejaVuSerif-Italic\b/);
    expect(readFileSync(join(results, 'figures', 'fig9.png')).equals(serif)).toBe(false);
  });

  test.each<[FigureLook, string]>([
    [{ font: 'Helvetica' }, 'neither a family that comes with eigenflow nor a font file'],
    [{ font: new URL(import.meta.url).pathname }, 'is no font that can be drawn with'],
    [{ fontSize: 25, width: 'column' }, 'leave no room for a plot in 3.4 inches; take'],
    [{ fontSize: 2 }, 'between 4 and 30 can be drawn'],
    [{ width: 100 }, 'between 1.5 and 30 can be drawn'],
  ])('%j is answered', async (look, message) => {
    await expect(draw(look)).rejects.toThrow(message);
  });

  test('is what the command draws', async () => {
    const options = ['--bare', '--width', '5.5', '--font-size', '9', '--font', 'DejaVu Serif'];
    const only = ['figures', 'results/small', '--only', 'fig9', '--format', 'svg'];
    const [drawn, refused] = eigenflowMany([
      { folder, args: [...only, ...options] },
      { folder, args: [...only, '--width', 'wide'] },
    ]);
    expect(drawn.status, drawn.stderr).toBe(0);
    const svg = svgOf('fig9');
    expect(svg).toBe(await draw({ bare: true, width: 5.5, fontSize: 9, font: 'DejaVu Serif' }));
    expect(svg).toContain('--only fig9 --bare --width 5.5 --font-size 9 --font &quot;DejaVu Serif&quot;');
    expect(refused.stderr).toContain('Give column, page, or a number of inches');
  });
});
