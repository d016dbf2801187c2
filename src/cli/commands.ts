import { backfillCommand } from './backfill.ts';
import { createCheckCommand } from './check.ts';
import type { Command } from './command.ts';
import { createSource } from './create-source.ts';
import { demoCommand } from './demo.ts';
import { detectCommand } from './detect.ts';
import { ingestCommand } from './ingest.ts';
import { queryCommand } from './query.ts';
import { reportCommand } from './report.ts';
import { topCommand } from './top.ts';
import { upCommand } from './up.ts';
import { verifyCommand } from './verify.ts';
import { versionCommand } from './version.ts';

/** The one list of commands, in the order in which a newcomer needs them. */
export const commands: readonly Command[] = [
  demoCommand,
  ingestCommand,
  backfillCommand,
  queryCommand,
  upCommand,
  createCheckCommand(createSource),
  topCommand,
  verifyCommand,
  detectCommand,
  reportCommand,
  versionCommand,
];
