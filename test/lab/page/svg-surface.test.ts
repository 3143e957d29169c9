// The SVG that the page saves: text as text, gaps as gaps, images as PNG files that a decoder reads.
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { figureSvg } from '../../../lab/page/drawing/export-figure.js';
import { encodePng } from '../../../lab/page/drawing/png.js';
import { svgSurface } from '../../../lab/page/drawing/svg-surface.js';
import { PAPER } from '../../../lab/page/drawing/theme.js';

test('markup in a text is text', () => {
  const surface = svgSurface();
  surface.text('<script>alert("1")</script> & W', 1, 2, { color: '#000000', size: 10 });
  expect(surface.content()).toContain('&lt;script&gt;');
  expect(surface.content()).not.toContain('<script');
});

test('a line has a gap where a point is not a number', () => {
  const surface = svgSurface();
  surface.polyline([0, 1, 2, 3, 4], [0, 1, Number.NaN, 3, 4], { color: '#000000' });
  expect(surface.content()).toContain('d="M0 0L1 1M3 3L4 4"');
});

test('what is clipped stays inside its own clip', () => {
  const surface = svgSurface();
  const box = { x: 0, y: 0, width: 5, height: 5 };
  surface.clipped(box, () => surface.clipped(box, () => surface.disc(1, 1, 1, { color: '#000000' })));
  expect(surface.content().match(/<clipPath id="clip[01]">/g)).toHaveLength(2);
  expect(surface.content().match(/<\/g>/g)).toHaveLength(2);
});

test('an image holds its pixels, also beyond one stored block', () => {
  const [columns, rows] = [200, 120];
  const rgba = Uint8Array.from({ length: 4 * columns * rows }, (_, i) => (7 * i) % 256);
  const png = Buffer.from(encodePng(columns, rows, rgba));
  expect(png.readUInt32BE(16)).toBe(columns);
  expect(png.readUInt32BE(20)).toBe(rows);
  // The inflater checks the sum at the end.
  const lines = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  expect(lines.length).toBe(rows * (4 * columns + 1));
  expect(Buffer.from(lines.subarray(1, 1 + 4 * columns))).toEqual(Buffer.from(rgba.subarray(0, 4 * columns)));
});

test('a figure says its title, sample, data, command and version', () => {
  const origin = {
    title: 'Levels <1>',
    sample: 'one run, seed 0',
    data: 'abc',
    command: 'eigenflow lab',
    version: '9.9',
  };
  const svg = figureSvg({
    ...{ width: 300, height: 200, origin },
    draw: (surface, box) => surface.rect(box, { color: PAPER.accent }),
  });
  expect(svg).toContain('<title>Levels &lt;1&gt;</title>');
  expect(svg).toMatch(
    /<figure xmlns="urn:eigenflow:figure" data="abc" sample="one run, seed 0" command="eigenflow lab"/,
  );
  expect(svg).toContain('version="9.9"');
  expect(svg).toContain('>one run, seed 0</text>');
});
