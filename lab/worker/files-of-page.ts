// Files of the page that only some runs need, such as the digits: read when they are asked for. They lie beside the worker's
// script; where the page is one file, it hands their text over.
declare const eigenflowFiles: Readonly<Record<string, string>> | undefined;

/** @throws Error where the file cannot be read */
export function readPageFile(name: string): string {
  if (typeof eigenflowFiles !== 'undefined' && name in eigenflowFiles) return eigenflowFiles[name];
  const request = new XMLHttpRequest();
  request.open('GET', new URL(name, self.location.href).href, false);
  request.send();
  if (request.status !== 200) throw new Error(`${name}, which belongs to the page, cannot be read`);
  return request.responseText;
}
