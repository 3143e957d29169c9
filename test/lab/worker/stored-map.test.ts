// An exported map in the page: its slices are drawn from its table, and its runs are held to the digits that it has.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportMap } from '../../../analysis/advice/export-map.js';
import { gather, type RunResult } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { resolveScenario, type RunConfig } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import type { MapTable } from '../../../lab/protocol.js';
import { registryOf } from '../../../lab/worker/plugins.js';
import { type ExportedMap, openStoredMap } from '../../../lab/worker/stored-map.js';
