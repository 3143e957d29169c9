// What a figure file promises a journal: text that stays text, fonts inside, exact widths, and where it comes from.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { drawFigures } from '../../../analysis/figures/figures.js';
import type { FigureDeclaration } from '../../../core/contracts/figure.js';
import { temporaryFolder } from '../../node/files/temporary-folder.js';
import { has } from '../programs.js';
import { writeSyntheticStudy } from '../synthetic-study.js';

const folder = temporaryFolder();
const study = join(folder, 'study');
const where = { 'model.activation': 'tanh' };
const x = { axis: 'model.initialWidth', label: 'width σ' };
const y = { axis: 'optimiser.learningRate', divideBy: 0.5, label: 'T' };
const figures: FigureDeclaration[] = [
  { kind: 'heat-map', name: 'map', title: 'Levels of W Wᵀ', value: 'loss.loss', color: 'log', x, y, where },
  { kind: 'line', name: 'lines', title: 'Lines', value: 'loss.loss', x, series: { ...y, label: 'rate' }, where },
  {
    kind: 'panels',
    name: 'both',
    title: 'Two panels',
    panels: [
      { kind: 'heat-map', title: 'First', value: 'loss.loss', x, y, where },
      {
        kind: 'flow',
        title: 'Second',
        value: 'spectrum.levels',
        x: 'epoch',
        panels: 'model.initialWidth',
        where: { ...where, 'optimiser.learningRate': 0.25 },
      },
    ],
  },
];

beforeAll(async () => {
  writeSyntheticStudy(study, { figures });
  await drawFigures(study);
});

const file = (name: string) => join(study, 'figures', name);
const svg = (name: string) => readFileSync(file(name), 'utf8');

describe('SVG', () => {
  test('is as wide as a column, or a page, of a journal', async () => {
    expect(svg('map.svg')).toMatch(/^<svg[^>]* width="326.4"/);
    expect(svg('both.svg')).toMatch(/^<svg[^>]* width="672"/);
    const { paths } = await drawFigures(study, { only: ['both'], formats: ['svg'], look: { width: 'column' } });
    expect(readFileSync(paths[0], 'utf8')).toMatch(/^<svg[^>]* width="326.4"/);
    await drawFigures(study, { only: ['both'] });
  });

  test('has all words as text, and letters on panels', () => {
    for (const word of ['Two panels', '(a) First', '(b) Second', 'width σ'])
      expect(svg('both.svg')).toContain(`>${word}</text>`);
    expect(svg('map.svg')).not.toContain('<image');
  });

  test('names the data, the sample and the command', () => {
    const origin = /<figure [^>]*>/.exec(svg('map.svg'))?.[0].replaceAll('\u00a0', ' ');
    expect(origin).toMatch(/ data="sha256:[0-9a-f]{32}" sample="median over N = 2 seeds; 12 runs, 2 left out/);
    expect(origin).toContain(' command="eigenflow figures study --only map"');
  });

  test('draws cells of equal width on a logarithmic axis: their edges are geometric', () => {
    // Three columns at 0.5, 1, 2; Vega draws a cell as a path M x,y h width.
    const widths = [
      ...svg('map.svg').matchAll(
        /<path d="M[\d.]+,[\d.]+h([\d.]+)v[\d.]+h-[\d.]+Z" fill="#(?!e4e4e4)[0-9a-f]{6}" stroke="#/g,
      ),
    ].map(([, width]) => Number(width));
    expect(widths.length).toBeGreaterThanOrEqual(6);
    const cells = widths.slice(0, 6);
    for (const width of cells) expect(width).toBeCloseTo(cells[0], 2);
  });
});

test('PNG says the same in its text chunks, and its bytes hold together', () => {
  const png = readFileSync(file('lines.png'));
  const text = png.toString('latin1');
  expect(text).toContain('tEXtTitle\0Lines');
  expect(text).toMatch(/Description\0+.*Data sha256:[0-9a-f]{32}; drawn by: eigenflow figures study --only lines/s);
  // The title of the map is not Latin: an international chunk in UTF-8.
  expect(readFileSync(file('map.png')).toString('utf8')).toContain('iTXtTitle\0\0\0\0\0Levels of W Wᵀ');
  const check =
    'import sys, zlib, struct; d = open(sys.argv[1], "rb").read(); p = 8; names = []\n' +
    'while p < len(d):\n  n, = struct.unpack(">I", d[p:p+4]); body = d[p+4:p+8+n]\n' +
    '  assert zlib.crc32(body) == struct.unpack(">I", d[p+8+n:p+12+n])[0]; names.append(body[:4].decode()); p += n + 12\n' +
    'print(names[0], names[-1])';
  expect(execFileSync('python3', ['-c', check, file('map.png')], { encoding: 'utf8' })).toBe('IHDR IEND\n');
});

describe('PDF', () => {
  test.skipIf(!has('pdffonts'))('embeds its fonts as subsets and keeps text as text', () => {
    const fonts = execFileSync('pdffonts', [file('map.pdf')], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .slice(2);
    expect(fonts.length).toBe(2);
    // Columns: name, type, encoding, embedded, subset, unicode.
    for (const line of fonts) expect(line).toMatch(/\+DejaVuSans\S* +CID TrueType +\S+ +yes yes yes/);
    const text = execFileSync('pdftotext', [file('map.pdf'), '-'], { encoding: 'utf8' });
    for (const word of ['Levels of W Wᵀ', 'width σ', 'median over N']) expect(text).toContain(word);
  });

  test.skipIf(!has('pdfinfo'))('has the size of the column and says where it comes from', () => {
    const info = execFileSync('pdfinfo', [file('map.pdf')], { encoding: 'utf8' });
    expect(info).toMatch(/Page size: +244.8 x /);
    expect(info).toMatch(/Title: +Levels of W Wᵀ/);
    expect(info).toMatch(
      /Subject: +median over N.+Data sha256:[0-9a-f]{32}; drawn by: eigenflow figures study --only map/,
    );
  });

  test.skipIf(!has('pdflatex'))('goes into a LaTeX document, which embeds every font', () => {
    const document = join(folder, 'latex');
    mkdirSync(document);
    const include = figures.map(({ name }) => `\\includegraphics{${file(`${name}.pdf`)}}\\newpage`).join('\n');
    writeFileSync(
      join(document, 'paper.tex'),
      `\\documentclass{article}\\usepackage{graphicx}\\begin{document}\n${include}\n\\end{document}\n`,
    );
    const log = execFileSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'paper.tex'], {
      cwd: document,
      encoding: 'utf8',
    });
    expect(log).not.toMatch(/warning.*PDF/i);
    expect(existsSync(join(document, 'paper.pdf'))).toBe(true);
    const fonts = execFileSync('pdffonts', [join(document, 'paper.pdf')], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .slice(2);
    const dejaVu = fonts.filter((line) => line.includes('DejaVuSans'));
    expect(dejaVu.length).toBeGreaterThanOrEqual(4);
    for (const line of dejaVu) expect(line).toMatch(/ yes yes yes /);
  });
});
