// The colours of the style sheet for whoever draws on a canvas; read anew when the theme changes.
import { signal } from '@preact/signals';
import { theme } from './theme.js';

const NAMES = ['paper', 'ground', 'line', 'ink', 'faint', 'accent', 'good', 'bad', 'empty', 'hatch'] as const;

export type Colors = Readonly<Record<(typeof NAMES)[number] | 'font', string>>;

function read(): Colors {
  const style = getComputedStyle(document.documentElement);
  const entries = [...NAMES, 'font'].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(entries) as Colors;
}

export const colors = signal<Colors>(read());

const readAgain = () => {
  colors.value = read();
};

// After the theme has been set on the page.
theme.subscribe(() => queueMicrotask(readAgain));
for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
  matchMedia(query).addEventListener('change', readAgain);
}
