// What a link carries of a comparison: what is chosen, and whether the surrogate is watched.
import { addLinkPart } from '../url-state.js';
import { isBeside } from './beside.js';
import { settings } from './compare-state.js';
import { readSettings, settingsText } from './settings-text.js';

export function registerComparisonParts(): void {
  addLinkPart({
    name: 'compare',
    read: () => settingsText(settings.value),
    write(text) {
      settings.value = readSettings(text);
    },
  });
  addLinkPart({
    name: 'beside',
    read: () => (isBeside.value ? '1' : undefined),
    write(text) {
      isBeside.value = text === '1';
    },
  });
}
