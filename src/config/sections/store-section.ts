import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { filePath, refuse, secretText, text } from '../fields.ts';
import { httpAddress } from '../http-address.ts';

/** Where rows are stored: a directory of this process, or a ClickHouse server. */
export type StoreConfig =
  | { readonly kind: 'embedded'; readonly path: string }
  | {
      readonly kind: 'server';
      readonly url: string;
      readonly user: string;
      readonly password: string;
      /** ClickHouse user for users' queries; without it the store's own user creates one. */
      readonly questions?: { readonly user: string; readonly password: string };
    };

const serverKeys = ['user', 'password', 'questionUser', 'questionPassword'] as const;

/** `store:` either `path` or `url` with its companions. */
export function storeSection(baseDirectory: string) {
  return z
    .strictObject({
      path: filePath(baseDirectory, 'a directory', defaults.store.path)
        .optional()
        .describe(`Directory of the embedded engine, relative to this file. Default: ${defaults.store.path}`),
      url: httpAddress('https://clickhouse:8443', 'write those as store.user and store.password')
        .optional()
        .describe('HTTP address of a ClickHouse server, used instead of path.'),
      user: text('a user name', defaults.store.user).optional().describe('User on the server. Default: default'),
      password: secretText('a password', `\${CLICKHOUSE_PASSWORD}`).optional().describe('Password on the server.'),
      questionUser: text('a user name', 'tailrace_reader')
        .optional()
        .describe(
          'User for user queries, with SELECT, SHOW and dictGet on the database only. Without it one is created.',
        ),
      questionPassword: secretText('a password', `\${CLICKHOUSE_READER_PASSWORD}`)
        .optional()
        .describe('Password of the user for questions.'),
    })
    .meta({
      not: { required: ['path', 'url'] },
      dependentRequired: Object.fromEntries(serverKeys.map((key) => [key, ['url']])),
    })
    .transform((written, context): StoreConfig => {
      const { path, url, user, password } = written;
      if (path !== undefined && url !== undefined) {
        return refuse(context, 'it has both path and url', 'keep path for the embedded engine or url for a server');
      }
      const stray = serverKeys.find((key) => written[key] !== undefined);
      if (url === undefined && stray !== undefined) {
        return refuse(context, `it has ${stray} but no url`, 'add url, for example url: https://clickhouse:8443');
      }
      if (written.questionPassword !== undefined && written.questionUser === undefined) {
        return refuse(context, 'it has questionPassword but no questionUser', 'add questionUser');
      }
      if (url === undefined) return { kind: 'embedded', path: path ?? resolveDefault(baseDirectory) };
      return {
        kind: 'server',
        url,
        user: user ?? defaults.store.user,
        password: password ?? defaults.store.password,
        ...(written.questionUser === undefined
          ? {}
          : { questions: { user: written.questionUser, password: written.questionPassword ?? '' } }),
      };
    })
    .prefault({})
    .describe('Where rows are kept: a directory (path), or a ClickHouse server (url).');
}

function resolveDefault(baseDirectory: string): string {
  return filePath(baseDirectory, 'a directory', defaults.store.path).parse(defaults.store.path);
}
