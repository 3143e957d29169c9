// Text of figures: what is lowered and raised, which hyphens are minus signs, and what is left as it is written.
import { expect, test } from 'vitest';
import { inWords } from '../../../analysis/figures/draw/words.js';
import { richText, withRichText } from '../../../analysis/figures/rich-text.js';

test.each([
  ['1/σ_W', '1/σ<tspan dy="2" font-size="7.2px">W</tspan>'],
  ['T_c = 0.5', 'T<tspan dy="2" font-size="7.2px">c</tspan><tspan dy="-2"> = 0.5</tspan>'],
  ['x_{max, 2}', 'x<tspan dy="2" font-size="7.2px">max, 2</tspan>'],
  ['σ_z² = 1', 'σ<tspan dy="2" font-size="7.2px">z</tspan><tspan dy="-2">² = 1</tspan>'],
  ['10^-7', '10<tspan dy="-3.6" font-size="7.2px">−7</tspan>'],
  ['W^T', 'W<tspan dy="-3.6" font-size="7.2px">T</tspan>'],
])('%s is written with lowered and raised text', (text, svg) => {
  expect(richText(text, 10)).toBe(svg);
});

test.each(['my_axis', 'a b', 'x_', '_c', 'mean_loss_2', '10⁻⁷', 'a &lt; b &amp; c'])('%s stays', (text) => {
  expect(richText(text, 10)).toBe(text);
});

test.each([
  ['-3', '−3'],
  ['from -1.5 to -1', 'from −1.5 to −1'],
  ['(-2)', '(−2)'],
  ['arXiv:2509-01349', 'arXiv:2509-01349'],
  ['16-84', '16-84'],
  ['phase-diagram', 'phase-diagram'],
])('hyphens: %s is written %s', (text, written) => {
  expect(richText(text, 10)).toBe(written);
});

test('raised characters that a font lacks are raised text, others come from another font', () => {
  const glyphs = { hasGlyph: (character: string) => !'⁻⁷√'.includes(character), fallback: 'Other' };
  expect(richText('2×10⁻⁷', 10, glyphs)).toBe('2×10<tspan dy="-3.6" font-size="7.2px">−7</tspan>');
  expect(richText('a √2 &amp; b', 10, glyphs)).toBe('a <tspan font-family="Other">√</tspan>2 &amp; b');
  expect(richText('x_√ = 1', 10, glyphs)).toBe('x_<tspan font-family="Other">√</tspan> = 1');
});

test('sizes are those of each text', () => {
  expect(withRichText('<text font-size="20px">T_c</text><text font-size="5px">T_c</text>')).toBe(
    '<text font-size="20px">T<tspan dy="4" font-size="14.4px">c</tspan></text>' +
      '<text font-size="5px">T<tspan dy="1" font-size="3.6px">c</tspan></text>',
  );
});

test.each([
  ['optimiser.learningRate', 'learning rate'],
  ['model.initialWidth', 'initial width'],
  ['noise.batchSize', 'batch size'],
  ['sharpness.stepTimesSharpness', 'step times sharpness'],
  ['stability-margin.kappa4', 'kappa4'],
  ['state.W', 'W'],
  ['mean-loss', 'mean loss'],
  ['x_test', 'x test'],
  ['meanMSE', 'mean MSE'],
])('%s in words is %s', (path, words) => {
  expect(inWords(path)).toBe(words);
});
