// What a link carries beside the study and the place: how the page looks, and what it looks at.
import type { Signal } from '@preact/signals';
import type { Json } from '../../core/contracts/json.js';
import { registerComparisonParts } from './compare/compare-link.js';
import { CLOCKS, clockShown, fourth, xKind, yKind } from './run/run-state.js';
import { theme } from './shell/theme.js';
import { mapWhere, watch } from './state.js';
import { addLinkPart } from './url-state.js';

/** A word out of a few; what a link says beside them is left out. */
function word<T extends string>(name: string, of: Signal<T>, words: readonly T[], usual: T): void {
  addLinkPart({
    name,
    read: () => (of.value === usual ? undefined : of.value),
    write(text) {
      of.value = words.find((known) => known === text) ?? usual;
    },
  });
}

const isAt = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** To be called once, before the page is opened by its address. */
export function registerLinkParts(): void {
  registerComparisonParts();
  word('clock', clockShown, CLOCKS, 'time');
  word('x', xKind, ['log', 'linear'], 'log');
  word('y', yKind, ['log', 'linear'], 'log');
  addLinkPart({
    name: 'theme',
    read: () => (theme.value === 'system' ? undefined : theme.value),
    write(text) {
      if (text === 'light' || text === 'dark') theme.value = text;
    },
  });
  addLinkPart({
    name: 'panel',
    read: () => (fourth.value === 'loss' ? undefined : fourth.value),
    write(text) {
      fourth.value = text ?? 'loss';
    },
  });
  addLinkPart({
    name: 'block',
    read: () => watch.value.block,
    write(block) {
      watch.value = block === undefined ? {} : { block };
    },
  });
  addLinkPart({
    name: 'slice',
    read: () => (Object.keys(mapWhere.value).length === 0 ? undefined : JSON.stringify(mapWhere.value)),
    write(text) {
      let found: unknown;
      try {
        found = JSON.parse(text ?? '{}');
      } catch {
        // As if the link did not say: which slice is drawn is seen.
      }
      mapWhere.value = isAt(found) ? found : {};
    },
  });
}
