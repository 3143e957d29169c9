// The large panel as one picture, for files.
import type { LiveStart } from '../../protocol.js';
import type { Trail } from '../trail.js';
import {
  createLevelRange,
  drawFront,
  drawLevels,
  drawLevelsGround,
  drawOverlay,
  layOutLevels,
} from './levels-picture.js';
import { overlays } from './overlay.js';
import type { PanelView } from './panel.js';
import { levelKind, xAxis, yKind } from './run-state.js';

export function levelsView(run: LiveStart, trail: Trail): PanelView | undefined {
  const track = trail.track(run.roles.levels as string);
  const axis = xAxis.peek();
  if (!track || !axis) return undefined;
  const range = createLevelRange(run);
  range.include(track);
  const axes = { x: axis, y: { scale: range.scale(levelKind(run, yKind.peek())), label: labelOfLevels(run) } };
  const count = track.data[0].length;
  const others = overlays.peek();
  return {
    caption: [`${count} levels, the largest first in colour`, ...others.map(({ name }) => `dashed: ${name}`)].join(
      '; ',
    ),
    description: `${count} levels in ${track.step.length} frames`,
    draw(surface, box, theme) {
      const layout = layOutLevels(box, axes, run);
      drawLevelsGround(surface, layout, axes, run, theme);
      drawLevels(surface, layout.plot, axes, track, axis.clock, theme);
      for (const overlay of others) drawOverlay(surface, layout.plot, axes, overlay, axis.clock, theme);
      drawFront(surface, layout.plot, axes, track, axis.clock, theme);
    },
    table: {
      header: ['step', 'epoch', 'learning time', ...Array.from({ length: count }, (_, i) => `level ${i + 1}`)],
      rows: track.step.map((step, i) => [step, track.epoch[i], track.time[i], ...track.data[i]]),
    },
  };
}

/** Levels of a model of levels are those of no matrix. */
export const labelOfLevels = ({ block }: LiveStart) => (block ? 'level of W Wᵀ' : 'level');
