// A page of four small parts that is hard to put into one file, in place of the real one.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type PageFiles, readPageFiles } from '../../lab/host/page-files.js';

/** The texts of the parts, by name. */
export const parts = {
  'index.html': `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src *">
<title>eigenflow lab</title>
<link rel="stylesheet" href="style.css">
<script type="module" src="app.js"></script>
</head>
<body><main id="app"></main></body>
</html>
`,
  'app.js': 'export const marks = "</script><!-- $& $1 </SCRIPT>", grin = "\u{1F600}", two = `a\r\nb`, none = 1 < 2;\n',
  'worker.js': 'postMessage("</script>"); /* <!-- <script> */\n',
  'style.css': 'body::after { content: "</style>"; }\r\n',
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files and others, which is gone after the tests of the file. */
export function smallPage(more: Readonly<Record<string, string | Uint8Array>> = {}): PageFiles {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-page-'));
  folders.push(folder);
  for (const [name, content] of Object.entries({ ...parts, ...more })) writeFileSync(join(folder, name), content);
  return readPageFiles(folder);
}
