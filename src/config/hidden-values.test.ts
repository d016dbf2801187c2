import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './parse-config.ts';

const formats = [{ name: 'cloudfront-standard', fields: [] }] as const;

function everythingSaid(text: string): string {
  try {
    parseConfig(text, {
      file: 'tailrace.yaml',
      baseDirectory: '/',
      environment: { DB_PASSWORD: 'hunter2', SECRET_WORD: 'hunter' },
      formats,
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [error.message, error.render(), error.stack, JSON.stringify(error)].join('\n');
  }
  throw new Error('the configuration was accepted');
}

describe('no error shows a password', () => {
  test.each([
    ['of the wrong type', 'store: {url: "http://x", password: [hunter2]}'],
    ['of the wrong shape', 'store: {url: "http://x", password: {a: hunter2}}'],
    ['without its url', 'store: {path: ./x, password: hunter2}'],
    ['beside another mistake', 'store: {url: 3, password: hunter2, usr: x}'],
    ['under a misspelt key', 'store: {url: "http://x", pasword: hunter2}'],
    ['under a misspelt section', `stroe:\n  password: hunter2\n  port: \${NOPE}`],
    ['under a key nobody knows', 'store: {url: "http://x", pin: hunter2}'],
    ['in a list under a key nobody knows', 'pins:\n  - hunter2\n  - *none hunter2'],
    ['in the address', 'store: {url: "https://bob:hunter2@ch"}'],
    ['in the address of a wrong section', 'store: https://bob:hunter2@ch'],
    ['in the query of the address', 'store: {url: "https://ch/?password=hunter2"}'],
    ['without the space after the colon', 'store:\n  password:hunter2'],
    ['as part of a key', 'store:\n  password:hunter2: x'],
    ['in a broken line', 'store:\n  password: @hunter2'],
    ['in a quote that is not closed', 'store:\n  password: "hunter2\n  user: x'],
    ['in a broken flow mapping', 'store: {password: hunter2, port: 1\nserver: x'],
    ['over several lines', 'store:\n  url: "http://x"\n  password: |\n    hunter2\n  user: 3'],
    ['under a tab', 'store:\n\tpasswd: hunter2'],
    ['behind a tag', 'store: {password: !hunter2 x}'],
    ['in a comment', 'server: {port: x} # password: hunter2'],
    ['carried by an alias', 'store: {url: "http://x", password: &p hunter2}\nserver: {port: *p}'],
    ['carried to the password by an alias', 'store: {url: *u, user: &u hunter2, password: *u}\nserver: {port: *u}'],
    ['as the default of a variable', `store: {url: 3, password: "\${NOPE:-hunter2}\${NOPE}"}`],
    ['in a malformed variable', `store: {url: "http://x", password: "\${NOPE-hunter2}"}`],
    ['from a variable', `server: {port: "\${DB_PASSWORD}"}`],
    ['from a variable, as a size', `query: {maxMemory: "1\${SECRET_WORD}"}`],
    ['from a variable, as a path', `geoip: {city: "~/\${DB_PASSWORD}"}`],
    ['as a token that is too short', 'server: {token: hunter2}'],
    ['as a token without its quotes', 'server: {host: 0.0.0.0, token: [hunter2]}'],
    ['as a token in the wrong place', 'pipelines: {a: {source: {type: stdin, token: hunter2}}}'],
    ['as the token of a pipeline', 'pipelines: {b: {source: {type: stdin}, token: hunter2}}'],
    ['in the address of a queue', 'pipelines: {a: {source: {type: s3, queue: "https://bob:hunter2@sqs/1/q"}}}'],
    ['in the address of an endpoint', 'pipelines: {a: {source: {type: kinesis, endpoint: "http://bob:hunter2@x"}}}'],
    ['twice', 'store:\n  password: hunter2\n  password: hunter2'],
  ])('%s', (_, text) => {
    expect(everythingSaid(text)).not.toContain('hunter');
  });

  test('and a reference to a variable, which gives nothing away, is shown', () => {
    expect(everythingSaid(`store: {url: "http://x", password: "\${NOPE:?ask Anna}"}`)).toContain(
      `"\${NOPE:?ask Anna}"`,
    );
  });

  test('and a value in the wrong section that is no secret is shown', () => {
    expect(everythingSaid('port: 4280')).toContain('| port: 4280');
  });
});
