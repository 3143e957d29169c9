// A file that is no file of arrays is called what it is, with the way out, by every reader of arrays.
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { float64 } from '../../../node/files/npy.js';
import { encodeNpy } from '../../../node/files/npy-encode.js';
import { decodeNpz } from '../../../node/files/npz.js';
import { decodeSafetensors } from '../../../node/files/safetensors.js';

const pointer =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';

const files: [string, Uint8Array, string][] = [
  ['a pointer of Git LFS', Buffer.from(pointer), 'a: is a Git LFS pointer, not the file itself; run "git lfs pull"'],
  [
    'a web page',
    Buffer.from('\n<!DOCTYPE html>\n<html><head><title>404'),
    'a: is a web page (HTML), as a failed download',
  ],
  ['a message of a server', Buffer.from('<?xml version="1.0"?><Error>AccessDenied</Error>'), 'a: is XML, such as'],
  ['HDF5', Buffer.from('\x89HDF\r\n\x1a\n----------------', 'latin1'), 'a: is an HDF5 file, such as Keras writes'],
  ['a single array', encodeNpy(float64([1, 2])), 'a: is a single array (.npy); save it with numpy.savez'],
  ['a compressed file', gzipSync(Buffer.from('x'.repeat(100))), 'a: is compressed with gzip; unpack it first'],
  [
    'a pickle',
    Buffer.from('\x80\x02}q\x00X\x01\x00\x00\x00wq\x01K\x01s.', 'latin1'),
    'a: is a pickle of Python, which can run',
  ],
];

describe.each(files)('%s', (_what, bytes, message) => {
  it('in place of .npz', () => expect(() => decodeNpz(bytes, { source: 'a' })).toThrow(message));
  it('in place of .safetensors', () => expect(() => decodeSafetensors(bytes, 'a')).toThrow(message));
});

it('a zip archive in place of .safetensors', () => {
  const bytes = zipSync({ 'archive/data.pkl': Buffer.from('x') });
  expect(() => decodeSafetensors(bytes, 'a')).toThrow(
    'a: is a zip archive, such as a .npz of numpy or a checkpoint of torch.save',
  );
});

it('a sound file of .safetensors is read whatever its first bytes could be taken for', () => {
  // A header of 0x88b1f bytes begins like a file of gzip.
  const header = Buffer.from('{}'.padEnd(0x88b1f));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  expect(decodeSafetensors(Buffer.concat([length, header])).names).toEqual([]);
});
