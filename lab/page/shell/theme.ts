// Light or dark: as the system has it, or as the user says. Kept for the next visit where the browser allows it.
import { effect, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'eigenflow-theme';

const isTheme = (value: unknown): value is Theme => value === 'system' || value === 'light' || value === 'dark';

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return isTheme(kept) ? kept : 'system';
  } catch {
    // A page that was opened from a disk, or a browser that keeps nothing.
    return 'system';
  }
}

export const theme = signal<Theme>(remembered());

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

export const isDark = () => theme.value === 'dark' || (theme.value === 'system' && systemIsDark.matches);

export function turnTheme(): void {
  theme.value = isDark() ? 'light' : 'dark';
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // It holds for this visit.
  }
}

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === 'system') delete dataset.theme;
  else dataset.theme = theme.value;
});
