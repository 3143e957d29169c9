// A file of a study as a tab holds it: its name and size are known at once, its bytes are read when they are asked for.

/** Where the bytes are. Survives structuredClone. */
export type FileSource = { readonly bytes: Uint8Array } | { readonly blob: Blob } | { readonly url: string };

export interface StudyFile {
  /** From the folder of the study, with `/` between names. */
  readonly path: string;
  /** Unit: bytes. */
  readonly size: number;
  readonly source: FileSource;
}

/** Of a worker, where nobody minds waiting; the type library of pages does not know it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** A tab has no more memory to give to a single file. */
const MOST_BYTES = 2 ** 30;

/**
 * Reads at once, as only a worker can: readers of results folders do not wait.
 *
 * @throws Error for a file that cannot be read, or is not as long as was said
 */
export function readStudyFile({ path, size, source }: StudyFile): Uint8Array {
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes: too many for a tab`);
  const bytes = bytesOf(path, source);
  if (bytes.length !== size) throw new Error(`${path} has ${bytes.length} bytes where ${size} were announced`);
  return bytes;
}

/** Of files whose parts were asked for and that come as a whole. */
const wholes = new WeakMap<StudyFile, Uint8Array>();

/** Reads a part at once: of a file on the disk no more than that part. @throws Error as `readStudyFile` */
export function readPart(file: StudyFile, start: number, length: number): Uint8Array {
  const { path, source } = file;
  if ('blob' in source) return bytesOf(path, { blob: source.blob.slice(start, start + length) });
  const whole = wholes.get(file) ?? readStudyFile(file);
  wholes.set(file, whole);
  return whole.subarray(start, start + length);
}

function bytesOf(path: string, source: FileSource): Uint8Array {
  if ('bytes' in source) return source.bytes;
  if ('blob' in source) return new Uint8Array(new FileReaderSync().readAsArrayBuffer(source.blob));
  const request = new XMLHttpRequest();
  request.open('GET', source.url, false);
  request.responseType = 'arraybuffer';
  request.send();
  if (request.status !== 200) throw new Error(`${path} cannot be fetched: status ${request.status}`);
  return new Uint8Array(request.response as ArrayBuffer);
}
