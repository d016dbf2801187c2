import { createHash } from 'node:crypto';
import type { Engine, Statement } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import type { DictionaryReader } from './dictionary-source.ts';
import { dropDictionariesWithoutAddress } from './dictionary-source.ts';
import { edgeLocationSchema, loadEdgeLocations, readEdgeLocations } from './edge-locations/edge-locations.ts';
import { enrichmentViews } from './enrich.ts';
import type { GeoList } from './geo-networks/geo-list.ts';
import { migrate } from './migrate.ts';
import { schema } from './schema.ts';
import { upgrades } from './upgrades.ts';
import { userAgentSchema } from './user-agents/dictionaries.ts';
import { knownUserAgentsSchema, rememberUserAgentsViews } from './user-agents/known-user-agents.ts';
import { loadRules } from './user-agents/load-rules.ts';
import { ruleSetVersion } from './user-agents/rule-set-version.ts';
import { changeView, createView } from './views.ts';

/**
 * Upgrades tables, dictionaries, their data, and views to this version. Checking that all is current takes thirty
 * statements, so an embedded store remembers what it was prepared with. On a server others may change the tables, so
 * there each statement runs whenever the store is opened.
 *
 * @param loadLists loads the network lists, after everything else exists
 * @param reader as whom a server's dictionaries read their tables
 */
export async function prepareStore(
  engine: Engine,
  loadLists: () => Promise<readonly GeoList[]>,
  reader?: DictionaryReader,
): Promise<void> {
  const edgeLocations = await readEdgeLocations();
  const version = ruleSetVersion();
  const tables = {
    userAgents: userAgentSchema(reader),
    known: knownUserAgentsSchema(version, reader),
    edges: edgeLocationSchema(reader),
  };
  const wanted = fingerprint([version, edgeLocations, tables, schema, upgrades]);
  const found = engine.kind === 'embedded' ? await readPreparation(engine) : undefined;
  if (found?.tables !== wanted) {
    await dropDictionariesWithoutAddress(engine);
    await runAll(engine, tables.userAgents);
    await loadRules(engine);
    await runAll(engine, [...tables.known, ...tables.edges]);
    await loadEdgeLocations(engine, edgeLocations);
    await migrate(engine);
  }
  const views = [...enrichmentViews(await loadLists()), ...rememberUserAgentsViews(version)];
  const wantedViews = fingerprint(views);
  if (found?.tables === wanted && found.views === wantedViews) return;
  await makeViews(engine, views);
  if (engine.kind === 'embedded') await writePreparation(engine, { tables: wanted, views: wantedViews });
}

/** What a store was prepared with. */
interface Preparation {
  readonly tables: string;
  readonly views: string;
}

async function readPreparation(engine: Engine): Promise<Preparation | undefined> {
  try {
    const [last] = await engine.rows<Preparation>({
      sql: 'SELECT tables, views FROM tailrace.preparations ORDER BY at DESC LIMIT 1',
    });
    return last;
  } catch (cause) {
    if (cause instanceof EngineError && cause.clickhouseCode === unknownTable) return undefined;
    throw cause;
  }
}

const unknownTable = 60;

async function writePreparation(engine: Engine, { tables, views }: Preparation): Promise<void> {
  await engine.run({
    sql: `CREATE TABLE IF NOT EXISTS tailrace.preparations (at DateTime64(3, 'UTC'), tables String, views String)
          ENGINE = MergeTree ORDER BY at`,
  });
  await engine.run({
    sql: 'INSERT INTO tailrace.preparations SELECT now64(3), {tables:String}, {views:String}',
    params: { tables, views },
  });
}

function fingerprint(what: unknown): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}

async function runAll(engine: Engine, statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) await engine.run(statement);
}

/**
 * Creates views, or changes them to this version. A view is never missing meanwhile: another worker of a server may be
 * inserting, and rows that pass without the view would be lost.
 */
async function makeViews(engine: Engine, views: readonly string[]): Promise<void> {
  for (const view of views) {
    await engine.run({ sql: createView(view) });
    await engine.run({ sql: changeView(view) });
  }
}
