// What the page shows: a results folder, a phase map, a scenario, or the study that comes with eigenflow. Its files are
// named here once and for all; the server, the exported page and the static site hand out these and nothing else.
import type { OpenedFile } from '../../node/files/held-files.js';

export type StudyKind = 'folder' | 'map' | 'scenario';

export interface ListedFile {
  /** From the folder of the study, with `/` between names. */
  readonly path: string;
  /** Unit: bytes. */
  readonly size: number;
  /** Whether a process at work adds to it: what is read is then what was there when it was listed. */
  readonly grows?: boolean;
}

/** Bytes at hand, or a file to read them from, which is to be closed. */
export type Content = Uint8Array | OpenedFile;

export const isBytes = (content: Content): content is Uint8Array => content instanceof Uint8Array;

/** A study by its files. */
export interface FileStudy {
  /** For people, as text. */
  readonly name: string;
  readonly kind: StudyKind;
  /** Plugins that its runs name and that do not come with eigenflow: the page has none of them. */
  readonly foreignPlugins: readonly string[];
  /** Files that are there now: a study under way gets more. */
  list(): readonly ListedFile[];
  /**
   * @param path as `list` gives it
   * @returns undefined for a path that the page has no business with
   * @throws EigenflowError `file` for what is not there, cannot be read, or is no plain file
   */
  open(path: string): Content | undefined;
}

/** A study that lies in one archive. */
export interface PackedStudy {
  readonly name: string;
  readonly kind: StudyKind;
  readonly zip: Uint8Array;
}

export type LabStudy = FileStudy | PackedStudy;

export const isPacked = (study: LabStudy): study is PackedStudy => 'zip' in study;

/** Where the page finds the archive of a packed study, beside itself. */
export const ZIP = 'study.zip';
/** The folder beside the page that has the files of a study. */
export const FOLDER = 'study/';

/** In a query: how many bytes of a file that grows are asked for. */
export const SIZE = 'size';

/** Every name of a path as one part of a URL, whatever is in it. */
const asUrl = (path: string) => path.split('/').map(encodeURIComponent).join('/');

/** study.json, which the page fetches from beside itself. */
export function describeStudy(study: LabStudy): string {
  const { name, kind } = study;
  if (isPacked(study)) return JSON.stringify({ name, kind, zip: ZIP });
  const files = study.list().map(({ path, size, grows }) => {
    const url = FOLDER + asUrl(path) + (grows ? `?${SIZE}=${size}` : '');
    return { path, size, url };
  });
  return JSON.stringify({ name, kind, files });
}
