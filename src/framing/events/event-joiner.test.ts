import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventJoiner, type JoinOptions } from './event-joiner.ts';

const plain: JoinOptions = { joinsTraces: true, beginsAt: 0, isRest: false };

function join(text: string, options: Partial<JoinOptions> = {}, size = 1e9): string {
  const joiner = new EventJoiner({ ...plain, ...options });
  const bytes = Buffer.from(text);
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(joiner.push(bytes.subarray(at, at + size)));
  return Buffer.concat([...out, joiner.end()]).toString('latin1');
}

/** The non-empty lines, with their inner newlines. */
const events = (text: string, options: Partial<JoinOptions> = {}) =>
  Buffer.from(join(text, options), 'latin1')
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line.replaceAll('\xc0\x8a', '\n'), 'latin1').toString());

const before = '2026-03-01T12:00:00.000Z INFO before';
const error = '2026-03-01T12:00:01.000Z ERROR failed';
const after = '2026-03-01T12:00:02.000Z INFO after';

/** As the runtimes print them. */
const traces: Readonly<Record<string, string>> = {
  Java: `java.lang.IllegalStateException: no cart
	at com.example.Cart.load(Cart.java:42)
	at java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.sql.SQLException: gone
	at com.example.Db.query(Db.java:7)
	... 12 more
	Suppressed: java.io.IOException: closed
		at com.example.Db.close(Db.java:9)`,
  Python: `Traceback (most recent call last):
  File "/app/cart.py", line 7, in load
    return carts[key]
           ~~~~~^^^^^
KeyError: 'a'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    load()
shop.errors.CartError: no cart`,
  Node: `TypeError: Cannot read properties of undefined (reading 'id')
    at handler (/app/index.js:10:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5) {
  code: 'E_CART'
}`,
  Go: `goroutine 1 [running]:
main.load(0x0)
	/app/main.go:12 +0x1d
main.main()
	/app/main.go:5 +0x20

goroutine 18 [chan receive]:
example.com/shop.(*Cart).wait(...)
	/app/cart.go:3
created by main.main in goroutine 1
	/app/main.go:4 +0x11`,
  '.NET': `System.InvalidOperationException: no cart
 ---> System.Data.DataException: gone
   at Shop.Db.Query() in /app/Db.cs:line 7
   --- End of inner exception stack trace ---
   at Shop.Cart.Load() in /app/Cart.cs:line 42`,
  Ruby: `app/cart.rb:7:in 'load': no cart (RuntimeError)
	from app/main.rb:3:in 'block in <main>'
	from app/main.rb:2:in '<main>'`,
};

describe.each(Object.entries(traces))('a trace of %s', (_, trace) => {
  const text = `${before}\n${error}\n${trace}\n${after}\n`;

  test('belongs to the line before it, and lines keep their numbers', () => {
    expect(events(text)).toEqual([before, `${error}\n${trace}`, after]);
    const lines = join(text).split('\n');
    expect(lines.indexOf(after)).toBe(text.split('\n').indexOf(after));
  });

  test('also in a container, beside another stream', () => {
    const carried = text
      .split('\n')
      .slice(0, -1)
      .flatMap((line, n) => [
        `2026-03-01T12:00:0${n % 10}Z stderr F ${line}`,
        `2026-03-01T12:00:0${n % 10}Z stdout F ok ${n}`,
      ]);
    const found = events(`${carried.join('\n')}\n`, { carrier: 'cri' });
    expect(
      found.filter((line) => line.includes('stderr F 2026')).map((line) => line.replace(/^.*stderr F /, '')),
    ).toEqual([before, `${error}\n${trace}`, after]);
    expect(found.filter((line) => line.includes('stdout'))).toHaveLength(text.split('\n').length - 1);
    expect(join(`${carried.join('\n')}\n`, { carrier: 'cri' }).split('\n')).toHaveLength(carried.length + 1);
  });
});

test('lines that begin anew stay alone', () => {
  for (const text of [
    `${before}\n${after}\nplain\nlines\n`,
    '{"level":"error","msg":"x"}\n  at the side\n'.repeat(1),
    'Error: boom\nError: again\n',
  ]) {
    expect(join(text)).toBe(text);
  }
  // An object ends with its line; the line below it is a separate event.
  expect(events('{"msg":"x"}\njava.lang.Error: y\n\tat a.b(C.java:1)\n')).toEqual([
    '{"msg":"x"}',
    'java.lang.Error: y\n\tat a.b(C.java:1)',
  ]);
});

test('parts of a line that a runtime cut are one line of their stream', () => {
  const cri = (stream: string, tag: string, text: string) => `2026-03-01T12:00:00.1Z ${stream} ${tag} ${text}\n`;
  const text =
    cri('stdout', 'P', '{"msg":"a very ') +
    cri('stderr', 'F', 'beside') +
    cri('stdout', 'P', 'long ') +
    cri('stdout', 'F', 'line"}');
  for (const joinsTraces of [true, false]) {
    expect(join(text, { carrier: 'cri', joinsTraces })).toBe(
      `${cri('stdout', 'F', '{"msg":"a very long line"}')}${cri('stderr', 'F', 'beside')}\n\n`,
    );
  }
  const docker = (log: string, stream = 'stdout') =>
    `{"log":"${log}","stream":"${stream}","time":"2026-03-01T12:00:00.1Z"}\n`;
  expect(
    join(docker('a very ') + docker('beside\\n', 'stderr') + docker('long \\"line\\"\\n') + docker('next\\n'), {
      carrier: 'docker-json',
    }),
  ).toBe(`${docker('a very long \\"line\\"\\n')}${docker('beside\\n', 'stderr')}\n${docker('next\\n')}`);
  expect(join(docker('failed\\n') + docker('\\tat a.b(C.java:1)\\n'), { carrier: 'docker-json' })).toBe(
    `${docker('failed\\n\\tat a.b(C.java:1)\\n')}\n`,
  );
});

test('a damaged line of Docker is joined to nothing: both would be unreadable', () => {
  const docker = (log: string) => `{"log":"${log}","stream":"stdout","time":"2026-03-01T12:00:00.1Z"}\n`;
  for (const damaged of ['\\tat a","stream":"s{"log":"b\\n', '\\tat \0b\\n', '\\tat \\u0{\\n', ' "at\\n']) {
    const text = docker('failed\\n') + docker(damaged);
    expect(join(text, { carrier: 'docker-json' })).toBe(text);
  }
});

test('an event that is torn says so: at a boundary, and where it is too long', () => {
  const lines = `${error}\n\tat a\n\tat b\n${after}\n`;
  expect(join(lines.slice(error.length + 1), { isRest: true })).toBe(`\xc0\x8a\tat a\xc0\x8a\tat b\n\n${after}\n`);
  expect(join(lines, { beginsAt: 2 })).toBe(`${error}\xc0\x8a\tat a\n\n\xc0\x8a\tat b\n${after}\n`);
  expect(join('\tat a\n')).toBe('\tat a\n');
  const long = events(`${error}\n${'\tat a\n'.repeat(6000)}${after}\n`);
  expect(long).toHaveLength(3);
  expect(long[1]?.startsWith('\n\tat a')).toBe(true);
});

test('nothing is lost, whatever the bytes, and any cut into chunks gives the same', () => {
  const line = fc.oneof(
    fc.constantFrom(
      before,
      error,
      '',
      '\tat a',
      ' ',
      'Caused by: x',
      'Traceback (most recent call last):',
      'KeyError: x',
      '{"a":1}',
      '\r',
    ),
    fc
      .constantFrom('P', 'F')
      .chain((tag) =>
        fc.constantFrom('stdout', 'stderr').map((stream) => `2026-03-01T00:00:00Z ${stream} ${tag} \tat x`),
      ),
    fc.string(),
  );
  const carrier = fc.constantFrom(undefined, 'cri', 'docker-json');
  fc.assert(
    fc.property(
      fc.array(line),
      carrier,
      fc.boolean(),
      fc.integer({ min: 1, max: 50 }),
      (lines, wanted, joinsTraces, size) => {
        const options = { ...(wanted ? { carrier: wanted as 'cri' } : {}), joinsTraces };
        const text = lines.map((one) => `${one.replaceAll('\n', ' ')}\n`).join('');
        const joined = join(text, options);
        expect(join(text, options, size)).toBe(joined);
        expect(joined.split('\n')).toHaveLength(text.split('\n').length);
        const letters = (written: string) => [...written.replace(/[\n\xc0\x8a]/g, '')].length;
        if (!wanted)
          expect(letters(joined.replaceAll('\r', ''))).toBe(
            letters(Buffer.from(text).toString('latin1').replaceAll('\r', '')),
          );
      },
    ),
  );
});
