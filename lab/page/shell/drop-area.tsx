// Files that the user drops anywhere on the page, or picks: folders with all that is in them.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { StudyFile } from '../../worker/study-file.js';
import { openDropped } from '../open/open-dropped.js';
import { attempt, problem } from '../state.js';

const dragging = signal(false);

/** More than that is no study: whoever drops a home folder is told so before all of it is listed. */
const MOST_FILES = 100_000;

const asFile = (file: File, path: string): StudyFile => ({ path, size: file.size, source: { blob: file } });

function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  return new Promise((resolve, reject) => {
    const all: FileSystemEntry[] = [];
    // It gives some at a time, and none at the end.
    const more = () =>
      reader.readEntries((some) => {
        all.push(...some);
        if (some.length === 0) resolve(all);
        else more();
      }, reject);
    more();
  });
}

async function collect(entry: FileSystemEntry, into: StudyFile[]): Promise<void> {
  if (into.length >= MOST_FILES) throw new Error(`more than ${MOST_FILES} files; drop the folder of one study`);
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    into.push(asFile(file, path));
    return;
  }
  for (const inner of await entriesOf(entry as FileSystemDirectoryEntry)) await collect(inner, into);
}

async function filesOf({ items, files }: DataTransfer): Promise<StudyFile[]> {
  // To be asked now: afterwards the list is empty.
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...files].map((file) => asFile(file, file.name));
  const found: StudyFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return found;
}

function open(files: readonly StudyFile[]): Promise<void> {
  problem.value = undefined;
  return attempt(() => openDropped(files));
}

/** Lets the user pick one or several files. */
export function pickFiles(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.onchange = () => open([...(input.files ?? [])].map((file) => asFile(file, file.name)));
  input.click();
}

/** The same for a folder, which browsers ask for in a window of its own. */
export function pickFolder(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.webkitdirectory = true;
  input.onchange = () => open([...(input.files ?? [])].map((file) => asFile(file, file.webkitRelativePath)));
  input.click();
}

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;

export function DropArea() {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      dragging.value = true;
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) dragging.value = false;
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      dragging.value = false;
      const { dataTransfer } = event;
      attempt(async () => open(await filesOf(dataTransfer)));
    };
    const listen = { dragenter: over, dragover: over, dragleave: leave, drop } as const;
    for (const [type, listener] of Object.entries(listen)) addEventListener(type, listener as EventListener);
    return () => {
      for (const [type, listener] of Object.entries(listen)) removeEventListener(type, listener as EventListener);
    };
  }, []);
  if (!dragging.value) return null;
  return (
    <div class="drop-area" aria-hidden="true">
      <p>
        <strong>Drop to open</strong>
        <br />a results folder or its zip, an exported map, a scenario, a checkpoint
      </p>
    </div>
  );
}
