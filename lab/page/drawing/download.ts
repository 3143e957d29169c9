// Hands a file to the user.
export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The browser has begun to read it when this turn has ended; a minute is long enough for any of them.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
