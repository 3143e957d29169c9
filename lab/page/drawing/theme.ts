// Colours of pictures: those of the style sheet, so that light, dark and forced colours hold for what is drawn as well.
import { signal } from '@preact/signals';
import { CATEGORIES, type Ground, luminance, orderedColors } from '../../../analysis/figures/draw/palette.js';
import { EMPTY, FAINT, HATCH, INK } from '../../../analysis/figures/draw/style.js';

export interface Theme {
  readonly ground: Ground;
  readonly paper: string;
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly accent: string;
  readonly bad: string;
  /** Of a cell without a value, and of what crosses it out. */
  readonly empty: string;
  readonly hatch: string;
  /** Of a law, beside what is measured. */
  readonly law: string;
  /** Of the weights that made the targets. */
  readonly teacher: string;
  /** Of levels in their order, the largest first. */
  levels(count: number): readonly string[];
}

function themeOf(ground: Ground, inks: Omit<Theme, 'ground' | 'levels' | 'law' | 'teacher'>): Theme {
  return {
    ...inks,
    ground,
    law: ground === 'dark' ? '#f2a35e' : CATEGORIES[3],
    teacher: inks.ink,
    levels: (count) => orderedColors(count, ground),
  };
}

/** Of files, which are read on white paper. */
export const PAPER: Theme = themeOf('light', {
  paper: '#ffffff',
  ink: INK,
  faint: FAINT,
  line: '#dcdcd8',
  accent: CATEGORIES[0],
  bad: '#b34700',
  empty: EMPTY,
  hatch: HATCH,
});

const TOKENS = ['paper', 'ink', 'faint', 'line', 'accent', 'bad', 'empty', 'hatch'] as const;

/** #rrggbb of what a browser computes: `rgb(26, 26, 26)`. */
function hex(computed: string): string {
  const numbers = (computed.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  return `#${numbers.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

/** What the style sheet says at this moment; names of system colours come out as colours. */
function readTheme(): Theme {
  const probe = document.createElement('span');
  // Else every colour that is not one of the system's would come out as that of its text.
  probe.style.setProperty('forced-color-adjust', 'none');
  document.documentElement.append(probe);
  const colorOf = (token: string) => {
    probe.style.color = `var(--${token})`;
    return hex(getComputedStyle(probe).color);
  };
  const inks = Object.fromEntries(TOKENS.map((token) => [token, colorOf(token)])) as Record<
    (typeof TOKENS)[number],
    string
  >;
  probe.remove();
  return themeOf(luminance(inks.paper) < 0.2 ? 'dark' : 'light', inks);
}

export const theme = signal<Theme>(PAPER);

/** Reads the theme, and again whenever it changes. */
export function followTheme(): void {
  const read = () => {
    theme.value = readTheme();
  };
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)']) {
    matchMedia(query).addEventListener('change', read);
  }
  new MutationObserver(read).observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
  read();
}
