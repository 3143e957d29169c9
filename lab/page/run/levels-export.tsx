// Saves the large panel.
import type { LiveStart } from '../../protocol.js';
import { ExportMenu } from '../drawing/export-menu.js';
import { trail } from '../state.js';
import { levelsView } from './levels-view.js';
import { panelPicture } from './panel-picture.js';

export function LevelsExport({ run }: { readonly run: LiveStart }) {
  if (!run.roles.levels) return null;
  return (
    <ExportMenu
      name="levels"
      title="Levels in time"
      picture={() => panelPicture(levelsView(run, trail.peek()), 860, 460)}
    />
  );
}
