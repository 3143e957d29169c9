// Whether a folder takes a study: the same scenario but for the extent of its grid, a grid that fits to the stored one,
// and the code that the stored runs were computed with.
import { EigenflowError } from '../../core/errors.js';
import { isHeld } from '../files/held-files.js';
import { checkGrid } from './grid-extent.js';
import { checkSameStudy, type Manifest, manifestPath, readManifest } from './results-folder.js';
import { listStored } from './stored-rows.js';

/** A run is named by the version of a plugin: other code under the same version would pass its numbers off as these. */
function checkCode(folder: string, stored: Manifest, own: Manifest): void {
  const then = stored.versions.code ?? {};
  const changed = Object.entries(own.versions.code ?? {}).find(
    ([plugin, hash]) => Object.hasOwn(then, plugin) && then[plugin] !== hash,
  );
  if (changed === undefined || listStored(folder).size === 0) return;
  throw new EigenflowError(
    'results',
    folder,
    `holds runs that were computed with other code of the plugin ${changed[0]}, under the same version. ` +
      'Raise the version in its definePlugin, which computes its runs anew, or choose another --out folder',
  );
}

/**
 * @param own what the manifest of the folder would say of this study alone
 * @throws EigenflowError `results` that names what differs, and the way out
 */
export function checkFolderTakes(folder: string, own: Manifest): void {
  checkSameStudy(folder, own.scenario);
  if (!isHeld(folder, manifestPath(folder))) return;
  const stored = readManifest(folder);
  checkGrid(folder, stored, own);
  checkCode(folder, stored, own);
}
