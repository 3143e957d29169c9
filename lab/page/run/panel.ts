// What a panel of a run is: a picture that is drawn on the page and in files, with its numbers and what is said of it.
import type { LiveStart } from '../../protocol.js';
import type { Box, Surface } from '../drawing/surface.js';
import type { Theme } from '../drawing/theme.js';
import type { Trail } from '../trail.js';

export interface PanelView {
  /** What the law is, what N is; below the title. */
  readonly caption: string;
  /** The same in words, for those who do not see it. */
  readonly description: string;
  draw(surface: Surface, box: Box, theme: Theme): void;
  readonly table: { readonly header: readonly string[]; readonly rows: readonly (readonly number[])[] };
}

/** Why there is no picture. */
export interface Missing {
  readonly missing: string;
}

/**
 * A panel of one run: what it draws of the frames so far. Its axes rest while data move, so that it is made once a run.
 *
 * @returns undefined before the first frame
 */
export type Panel = (trail: Trail) => PanelView | undefined;

export type CreatePanel = (run: LiveStart) => Panel | Missing;

export const isMissing = (panel: Panel | Missing): panel is Missing => 'missing' in panel;
