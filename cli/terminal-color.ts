// Colours of a terminal: how many it has, and a colour of the figures as near to itself as it can be there.
import { WriteStream } from 'node:tty';
import { channels, luminance } from '../analysis/figures/draw/palette.js';

/** Bits of colour: none, 16 colours, 256, or all. */
export type ColorDepth = 1 | 4 | 8 | 24;

/**
 * Of a terminal: what it says of itself. NO_COLOR and TERM=dumb take colours away, FORCE_COLOR=1, 2 or 3 gives 16, 256 or
 * all of them, to a file or a pipe, too, and FORCE_COLOR=0 none; as Node reads them, FORCE_COLOR has the last word.
 */
export function colorDepth(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): ColorDepth {
  if (stream.isTTY !== true && env.FORCE_COLOR === undefined) return 1;
  // A pipe has no such method; it needs no terminal.
  return WriteStream.prototype.getColorDepth.call(stream, env) as ColorDepth;
}

export const RESET = '\u001b[0m';

/** The usual sixteen (those of xterm), in the order of their numbers. */
const SIXTEEN = [
  ...['#000000', '#cd0000', '#00cd00', '#cdcd00', '#0000ee', '#cd00cd', '#00cdcd', '#e5e5e5'],
  ...['#7f7f7f', '#ff0000', '#00ff00', '#ffff00', '#5c5cff', '#ff00ff', '#00ffff', '#ffffff'],
] as const;

/** Steps of each channel in the cube of 216 colours among the 256. */
const CUBE: readonly number[] = [0, 95, 135, 175, 215, 255];

const distance = (a: string, b: readonly [number, number, number]) =>
  channels(a).reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);

function nearestOf16(color: string): number {
  const wanted = channels(color);
  return SIXTEEN.reduce((best, each, i) => (distance(each, wanted) < distance(SIXTEEN[best], wanted) ? i : best), 0);
}

const nearestStep = (value: number) =>
  CUBE.reduce((best, step, i) => (Math.abs(step - value) < Math.abs(CUBE[best] - value) ? i : best), 0);

/** A colour of the cube, or one of the 24 greys where that is nearer. */
function nearestOf256(color: string): number {
  const wanted = channels(color);
  const [red, green, blue] = wanted.map(nearestStep);
  const mean = (wanted[0] + wanted[1] + wanted[2]) / 3;
  const grey = Math.min(23, Math.max(0, Math.round((mean - 8) / 10)));
  const off = (other: readonly number[]) => wanted.reduce((sum, value, i) => sum + (value - other[i]) ** 2, 0);
  const level = 8 + 10 * grey;
  const cube = [CUBE[red], CUBE[green], CUBE[blue]];
  return off([level, level, level]) < off(cube) ? 232 + grey : 16 + 36 * red + 6 * green + blue;
}

function background(color: string, depth: Exclude<ColorDepth, 1>): string {
  if (depth === 24) return `48;2;${channels(color).join(';')}`;
  if (depth === 8) return `48;5;${nearestOf256(color)}`;
  const k = nearestOf16(color);
  return String(k < 8 ? 40 + k : 92 + k);
}

/** Text on a colour, black or white, whichever is read better there; plain text without colours. */
export function onColor(text: string, color: string, depth: ColorDepth): string {
  if (depth === 1) return text;
  const shown = depth === 4 ? SIXTEEN[nearestOf16(color)] : color;
  // Where black and white have the same contrast (WCAG 2).
  const ink = luminance(shown) > 0.179 ? 30 : 97;
  return `\u001b[${background(color, depth)};${ink}m${text}${RESET}`;
}
