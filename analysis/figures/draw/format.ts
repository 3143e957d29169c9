// Numbers and lines of text as figures print them.
import { log2, log10 } from '../../../core/kernels/elementary.js';

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

/** An exponent in characters of its own, so that no markup is needed. */
export function superscript(exponent: number): string {
  return Array.from(String(exponent), (character) => SUPERSCRIPTS[character]).join('');
}

/** Without powers of ten, as far as zeros do not bury the digits. */
const isPlain = (magnitude: number) => magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e5);

/** At most 4 significant digits; powers of ten outside 0.001 ... 99999; a minus sign, not a hyphen. */
export function formatNumber(value: number): string {
  return withSign(value, (magnitude) =>
    isPlain(magnitude) ? String(Number(magnitude.toPrecision(4))) : scientific(magnitude),
  );
}

/** A value of an axis: small powers of two as the ticks of such an axis have them. */
export function formatPlace(value: number): string {
  const exponent = log2(value);
  return Number.isInteger(exponent) && exponent < -2 ? `2${superscript(exponent)}` : formatNumber(value);
}

/** Numbers that stand side by side: all plain with as many decimals as `step` has, or all with powers of ten. */
export function formatAlike(values: readonly number[], step?: number): string[] {
  if (!values.every((value) => isPlain(Math.abs(value)))) {
    return values.map((value) => withSign(value, (magnitude) => (magnitude === 0 ? '0' : scientific(magnitude))));
  }
  const decimals = step === undefined ? undefined : Math.max(0, -Math.floor(log10(step) + 1e-9));
  return values.map((value) => {
    if (decimals === undefined) return formatNumber(value);
    return withSign(value, (magnitude) => magnitude.toFixed(decimals));
  });
}

function scientific(magnitude: number): string {
  const [mantissa, exponent] = Number(magnitude.toPrecision(3)).toExponential().split('e');
  const power = `10${superscript(Number(exponent))}`;
  return mantissa === '1' ? power : `${mantissa}×${power}`;
}

function withSign(value: number, write: (magnitude: number) => string): string {
  if (!Number.isFinite(value)) return String(value);
  return value < 0 ? `−${write(-value)}` : write(value);
}

/** Keeps two words on one line. */
export const TIE = '\u00a0';

/** Breaks text into lines of at most `width` characters, between words that are not tied. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \t\r\n]+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** (a), (b), ... (z), (aa), ... */
export function panelLetter(i: number): string {
  const letters = (n: number): string =>
    (n >= 26 ? letters(Math.floor(n / 26) - 1) : '') + String.fromCharCode(97 + (n % 26));
  return `(${letters(i)})`;
}
