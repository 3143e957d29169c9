// What the command says. Titles, names and messages in it may come from anywhere: nothing in them reaches the terminal as
// an order, and no line is longer than anybody reads.
import { plainText } from '../core/plain-text.js';

const MOST_LINE = 10_000;
/** Colours, which the command's own pictures have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
const COLORS = /(\u001b\[[0-9;]*m)/;

const plainLines = (text: string) =>
  text
    .split('\n')
    .map((line) => plainText(line, MOST_LINE))
    .join('\n');

let logs = false;

/** To be called by what stores its results: what it prints is a log, whose loss is no failure. */
export function printsLog(): void {
  logs = true;
}

export const isLog = (): boolean => logs;

export function print(text: string): void {
  process.stdout.write(plainLines(text));
}

export function printError(text: string): void {
  process.stderr.write(plainLines(text));
}

/** As `print`, with the colours that are in it. */
export function printPicture(text: string): void {
  const parts = text.split(COLORS).map((part, i) => (i % 2 === 1 ? part : plainLines(part)));
  process.stdout.write(parts.join(''));
}
