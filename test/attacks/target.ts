import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { starterPack } from '../../src/alerts/starter-pack.ts';
import { type StartedProgram, startProgram } from '../process/program.ts';
import type { Aims, Attack } from './attack.ts';

const readToken = 'secret-of-readers-5f1c9a';

/** Texts that no answer may contain. The last is in the one file of the store that the engine may read without need. */
export const secrets = {
  file: 'secret-in-a-file-8d02e7',
  environment: 'secret-in-the-environment-31bb60',
  token: 'secret-of-senders-c47f12',
  readToken,
  configuration: 'secret-in-the-configuration-99aa04',
  roles: 'GRANT tailrace_owner',
};

export const limits = { maxSeconds: 2, maxMemoryBytes: 300_000_000, maxRows: 100_000 };

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A running `tailrace up` with secrets around it. */
export class Target {
  readonly url: string;
  readonly aims: Aims;
  readonly program: StartedProgram;
  readonly #folder: string;
  readonly #listener: Server;
  #connections = 0;

  private constructor(url: string, aims: Aims, program: StartedProgram, folder: string, listener: Server) {
    this.url = url;
    this.aims = aims;
    this.program = program;
    this.#folder = folder;
    this.#listener = listener;
    listener.on('connection', (socket) => {
      this.#connections++;
      socket.destroy();
    });
  }

  static async start(folder: string): Promise<Target> {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    const secretFile = join(outside, 'secret.csv');
    writeFileSync(secretFile, `${secrets.file}\n`);
    writeFileSync(join(folder, 'tailrace.yaml'), configuration);
    const lakeFolder = join(folder, 'lake');
    mkdirSync(lakeFolder);
    writeFileSync(join(lakeFolder, 'notes.csv'), `${secrets.file}\n`);
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    process.env.TAILRACE_ATTACK_SECRET = secrets.environment;
    const program = startProgram(['up'], { cwd: folder });
    const [, url = ''] = await program.says(/listens on (\S+)/);
    return new Target(
      url,
      { secretFile, newFile: join(outside, 'written'), lakeFolder, port },
      program,
      folder,
      listener,
    );
  }

  /** The same targets, with a file that the engine's process may read, so that only the judgement protects it. */
  get readableAims(): Aims {
    return { ...this.aims, secretFile: join(this.#folder, 'store', 'users.xml') };
  }

  async ask(attack: Attack, format = 'json', signal?: AbortSignal): Promise<Answer> {
    const answer = await this.begin(attack, format, signal);
    // One character per byte, so that answers can be compared.
    return { status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString('latin1') };
  }

  /** Asks again for as long as queries are held because the engine had to be restarted. */
  async askWhenReleased(attack: Attack, format = 'json'): Promise<Answer> {
    for (;;) {
      const answer = await this.ask(attack, format);
      const [, seconds] = /ask again in (\d+) seconds/.exec(answer.text) ?? [];
      if (answer.status !== 503 || seconds === undefined) return answer;
      await delay(Number(seconds) * 1000);
    }
  }

  /** The answer with its body unread. */
  begin({ sql, params }: Attack, format: string, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.url}/api/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${readToken}` },
      body: JSON.stringify({ sql, ...(params ? { params } : {}), format }),
      ...(signal ? { signal } : {}),
    });
  }

  get connections(): number {
    return this.#connections;
  }

  /** Names, sizes and times of all files around the engine's data, which it may write itself. */
  snapshot(): string[] {
    return readdirSync(this.#folder, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.startsWith(join(this.#folder, 'store', 'clickhouse')))
      .filter((path) => !path.endsWith('server.json') && !path.endsWith(join('lake', '.partial')))
      .map((path) => {
        const { size, mtimeMs, mode } = statSync(path);
        return statSync(path).isDirectory() ? path : `${path} ${size} ${mtimeMs} ${mode}`;
      })
      .sort();
  }

  async stop(): Promise<void> {
    this.#listener.close();
    this.program.kill('SIGTERM');
    expect((await this.program.ended).code).toBe(0);
  }
}

const configuration = `# ${secrets.configuration}
store: { path: ./store }
lake: { to: { type: folder, path: ./lake } }
server: { port: 0, token: ${secrets.token}, readToken: ${readToken} }
query: { maxSeconds: ${limits.maxSeconds}, maxMemory: ${limits.maxMemoryBytes}, maxRows: ${limits.maxRows} }
# Their answers lie in files of the store too, which are to be the same before and after an attack.
alerts: { ${starterPack.map(({ name }) => `${name}: { enabled: false }`).join(', ')} }
`;
