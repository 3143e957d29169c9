// Where the page finds its study: in itself, or beside it.
import type { StudyFile } from '../worker/study-file.js';
import type { RemoteEngine } from './engine.js';

/** study.json: the files of a study, one by one or in an archive; paths from the page. */
interface StudyListing {
  readonly name: string;
  readonly files?: readonly { readonly path: string; readonly size: number; readonly url: string }[];
  readonly zip?: string;
}

export interface FoundStudy {
  readonly name: string;
  readonly files: readonly StudyFile[];
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text.replaceAll(/\s/g, ''));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

async function fetched(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} cannot be fetched: status ${response.status}`);
  return response;
}

/** `?study=URL`: an archive of a study, or a scenario, at another address. */
async function studyAt(url: string, engine: RemoteEngine): Promise<FoundStudy> {
  const { href, pathname, protocol } = new URL(url, document.baseURI);
  if (!/^https?:$/.test(protocol)) throw new Error(`${url} is no address on the web; write https://...`);
  const name = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1)) || 'study';
  let response: Response;
  try {
    response = await fetched(href);
  } catch (error) {
    const message =
      error instanceof TypeError ? 'the browser does not let this page fetch it' : (error as Error).message;
    const remedy =
      'Its server must allow it (CORS), and so must the policy of this page, which by default names its own server';
    throw new Error(`${href}: ${message}. ${remedy} alone: download the file and drop it here instead.`);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  return {
    name,
    files: isArchive ? await engine.unpack(bytes, name) : [{ path: name, size: bytes.length, source: { bytes } }],
  };
}

/** @throws Error where there is none, or it cannot be read */
export async function findStudy(engine: RemoteEngine): Promise<FoundStudy> {
  const asked = new URLSearchParams(location.search).get('study');
  if (asked) return studyAt(asked, engine);
  const embedded = document.getElementById('study');
  if (embedded?.textContent) {
    const name = embedded.dataset.name ?? 'study';
    return { name, files: await engine.unpack(fromBase64(embedded.textContent), name) };
  }
  const listing: StudyListing = await (await fetched('study.json')).json();
  if (listing.zip) {
    const archive = new Uint8Array(await (await fetched(listing.zip)).arrayBuffer());
    return { name: listing.name, files: await engine.unpack(archive, listing.zip) };
  }
  const absolute = (url: string) => new URL(url, document.baseURI).href;
  const files = (listing.files ?? []).map(({ path, size, url }) => ({ path, size, source: { url: absolute(url) } }));
  return { name: listing.name, files };
}
