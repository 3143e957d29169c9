// The value that `--set path=value` gives.
import { expect, it } from 'vitest';
import { parseOverride } from '../../../node/scenario/load-scenario.js';

it.each<[string, unknown]>([
  ['0.5', 0.5],
  ['.5', 0.5],
  ['-.5e-3', -0.0005],
  ['+2', 2],
  ['1.', 1],
  ['1.e2', 100],
  ['"0.5"', '0.5'],
  ['cyclic', 'cyclic'],
  ['007', '007'],
  ['.', '.'],
  ['NaN', 'NaN'],
  ['Infinity', 'Infinity'],
  ['0x10', '0x10'],
  ['1.2.3', '1.2.3'],
  ['', ''],
  ['[1,2]', [1, 2]],
  ['a=b', 'a=b'],
])('%j', (text, value) => {
  expect(parseOverride(`model.x=${text}`)).toEqual(['model.x', value]);
});
