// Makes the small data set of a phase map, with the smoothness that advice needs, found once and for all.
import { openMap } from '../../advice/reading.js';
import { readRunGrid } from '../export/run-grid.js';
import { writeMapFile } from './map-file.js';
import { readMap } from './read-map.js';

/**
 * @param folder of results whose runs have labels
 * @param path of the data set; does not exist yet
 * @throws EigenflowError `results` when the folder is no map of initial width and learning rate
 */
export async function exportMap(folder: string, path: string): Promise<void> {
  await writeMapFile(readRunGrid(folder), path, (classifier) => openMap(readMap(folder, classifier)).smoothness);
}
