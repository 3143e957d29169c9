// The digits that ship with eigenflow: 1797 handwritten digits as 8 x 8 images with grey levels 0 .. 16, and their
// labels.
//
// Source: E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits [dataset], UCI Machine Learning
// Repository, doi:10.24432/C50P49: its test part, in the order and form in which scikit-learn ships it. Licence:
// Creative Commons Attribution 4.0 (CC BY 4.0, https://creativecommons.org/licenses/by/4.0/). Changed in form only:
// packed.
import { packed } from './digits-packed.js';

export const DIGITS_CITATION = 'doi:10.24432/C50P49';

const IMAGES = 1797;
const PIXELS = 64;
const LEVELS = 17;
const CLASSES = 10;

/** Of the range coder, as in pack-digits.py. */
const TOP = 2 ** 24;
const BOTTOM = 2 ** 16;
const STEP = 24;
const MOST = 2 ** 13;

/** @returns the next symbol by counts, which adapt */
function createDecoder(bytes: Uint8Array): (counts: number[]) => number {
  let at = 0;
  let code = 0;
  const next = () => bytes[at++] ?? 0;
  for (let i = 0; i < 4; i++) code = ((code << 8) | next()) >>> 0;
  let low = 0;
  let range = 2 ** 32 - 1;
  return (counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    range = Math.floor(range / total);
    const value = Math.floor(((code - low) >>> 0) / range);
    let symbol = 0;
    let below = 0;
    while (below + counts[symbol] <= value) below += counts[symbol++];
    low = (low + below * range) % 2 ** 32;
    range *= counts[symbol];
    while (true) {
      if ((low ^ ((low + range) >>> 0)) >>> 0 >= TOP) {
        if (range >= BOTTOM) break;
        range = -low & (BOTTOM - 1);
      }
      code = ((code << 8) | next()) >>> 0;
      low = (low << 8) >>> 0;
      range = (range << 8) >>> 0;
    }
    counts[symbol] += STEP;
    if (total + STEP > MOST) for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] + 1) >> 1;
    return symbol;
  };
}

export interface Digits {
  /** 1797 x 64 */
  readonly images: Float64Array;
  /** 1797 */
  readonly labels: Float64Array;
}

let unpacked: Digits | undefined;

/** Unpacked once per thread, which takes some 50 ms. Nothing in it may be written to. */
export function digits(): Digits {
  unpacked ??= unpack();
  return unpacked;
}

function unpack(): Digits {
  const bytes = Uint8Array.from(atob(packed()), (letter) => letter.charCodeAt(0));
  const decode = createDecoder(bytes);
  const pixels = Array.from({ length: PIXELS }, () => new Array<number>(LEVELS).fill(1));
  const classes = new Array<number>(CLASSES).fill(1);
  const images = new Float64Array(IMAGES * PIXELS);
  const labels = new Float64Array(IMAGES);
  for (let image = 0; image < IMAGES; image++) {
    for (let pixel = 0; pixel < PIXELS; pixel++) images[image * PIXELS + pixel] = decode(pixels[pixel]);
    labels[image] = decode(classes);
  }
  return { images, labels };
}
