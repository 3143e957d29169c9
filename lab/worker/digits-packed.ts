// In a tab, in place of plugins/network/data/digits-packed.ts: 37 kB that most runs do not need.
import { readPageFile } from './files-of-page.js';

export const packed = (): string => readPageFile('digits.txt');
