import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Limits } from '../engine.ts';
import { limitSettings } from '../question/question-limits.ts';
import type { Settings } from '../statement-settings.ts';
import { ChdbSession } from './chdb-session.ts';
import type { EmbeddedParts } from './embedded-engine.ts';
import { questionRole, writeEngineConfiguration } from './engine-configuration.ts';
import { inputSettings } from './linked-input.ts';
import { countSessions, nativeThreads } from './native-threads.ts';
import { QueryStopper } from './query-stopper.ts';
import { SessionLane } from './session-lane.ts';

/** Long lists of parameters make long statements, because `SET param_…` carries them as text. */
const ownSettings: Settings = { max_query_size: 256 * 1024 * 1024 };

type Sessions = Pick<EmbeddedParts, 'version' | 'tableFunctions' | 'stopper' | 'writers' | 'readers' | 'askers'>;

/** Opens every session of a store; when one cannot be opened, none stays open. */
export async function openSessions(store: string, options: { limits: Limits; readers?: number }): Promise<Sessions> {
  const connectionArgs = [`--config-file=${writeEngineConfiguration(store)}`];
  const opened: ChdbSession[] = [];
  const open = async (tag: string, base: Settings, last: readonly string[] = []) => {
    const session = await ChdbSession.open(join(store, 'clickhouse'), tag, { base, last, connectionArgs });
    opened.push(session);
    return session;
  };
  const openLane = async (name: string, count: number, base: Settings, last?: readonly string[]) => {
    const sessions: ChdbSession[] = [];
    for (let i = 1; i <= count; i++) sessions.push(await open(`tailrace-${name}-${i}`, base, last));
    return new SessionLane(sessions);
  };
  try {
    const counts = countSessions(nativeThreads(), options.readers);
    const control = await open('tailrace-control', ownSettings);
    return {
      version: await readText(control, 'SELECT version()'),
      tableFunctions: (await readText(control, 'SELECT name FROM system.table_functions')).split('\n'),
      stopper: new QueryStopper(control),
      writers: await openLane('write', counts.writers, { ...ownSettings, ...inputSettings }),
      readers: await openLane('read', counts.readers, ownSettings),
      askers: await openLane('ask', counts.askers, questionSettings(options.limits), [
        `SET ROLE ${questionRole}`,
        'SET readonly = 1',
      ]),
    };
  } catch (error) {
    for (const session of opened) session.close();
    throw error;
  }
}

/** People's questions leave a processor to inserts. */
function questionSettings(limits: Limits): Settings {
  return { ...limitSettings(limits), max_threads: Math.max(1, availableParallelism() - 1) };
}

async function readText(session: ChdbSession, sql: string): Promise<string> {
  return Buffer.from(await session.execute(sql, 'TSVRaw'))
    .toString()
    .trim();
}
