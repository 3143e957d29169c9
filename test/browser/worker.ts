// What the browser's worker runs: the same scenarios, and their digests as a message to the page.
import { digests } from './digests.js';

digests().then(postMessage, (error: unknown) => {
  postMessage({ error: String(error instanceof Error ? error.stack : error) });
});
