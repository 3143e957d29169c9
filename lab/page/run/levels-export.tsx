// Saves the large panel.
import type { LiveStart } from '../../protocol.js';
import { trail } from '../state.js';
import { ExportMenu } from './export-menu.js';
import { levelsView } from './levels-view.js';

export function LevelsExport({ run }: { readonly run: LiveStart }) {
  if (!run.roles.levels) return null;
  return (
    <ExportMenu
      name="levels"
      title="Levels in time"
      width={860}
      height={460}
      view={() => levelsView(run, trail.peek())}
    />
  );
}
