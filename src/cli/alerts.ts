import { userInfo } from 'node:os';
import { backtest } from '../alerts/backtest.ts';
import { parseMatcher } from '../alerts/matchers.ts';
import { type Message, printNumber } from '../alerts/message.ts';
import { sqlTime } from '../alerts/read-rows.ts';
import { addSilence, endSilence } from '../alerts/silence-book.ts';
import { parseDuration } from '../config/duration.ts';
import { replayDead } from '../deliveries/delivery-book.ts';
import {
  type AlertAnswer,
  type AlertHistoryAnswer,
  type AlertListAnswer,
  readAlertHistory,
  readAlertList,
} from '../server/alert-answer.ts';
import type { AlertBacktestAnswer } from '../server/backtest-answer.ts';
import { nearestName } from '../text/nearest-name.ts';
import { type Arguments, type Command, exitCodes, isSet, textOption, UsageError } from './command.ts';
import {
  type ConfiguredStore,
  configuredStore,
  serverOf,
  storeHelp,
  storeOptions,
  tellOfStore,
} from './configured-store.ts';
import { print, tell } from './print.ts';
import { callServer, postQuestion } from './running-server.ts';
import { readTimeRange, timeRangeOptions } from './time-range.ts';
import { withStore } from './with-store.ts';

export const alertsCommand: Command = {
  usage: `tailrace alerts [list] [--json]
       tailrace alerts show NAME [--json]
       tailrace alerts test NAME --from TIME --to TIME [--json]
       tailrace alerts silence MATCHER… --for DURATION [--comment TEXT] [--author NAME]
       tailrace alerts silence --end ID
       tailrace alerts replay [RECEIVER]`,
  options: {
    ...storeOptions,
    ...timeRangeOptions,
    json: { type: 'boolean' },
    for: { type: 'string' },
    comment: { type: 'string' },
    author: { type: 'string' },
    end: { type: 'string' },
  },
  help: `list shows all alerts of the configuration with their state; show one of them with its history. test evaluates one at each of
its times in a range, and tells what it would have sent; nothing is recorded. silence keeps what matches from being told:
host=a.example.com, alert=server-*, severity!=critical; all must match. replay sends messages once more that were given up.

Options:
${storeHelp}
  --from, --to TIME  range of a test, e.g. 2026-11-26 and 2026-11-27T06:00Z; default the last 24 hours
  --for DURATION     how long a silence lasts, e.g. 2h
  --comment TEXT     why; --author NAME who, default the user
  --end ID           end this silence now
  --json             print one object`,
  async run(args) {
    const [word = 'list', ...words] = args.positionals;
    const work = { list, show, test, silence, replay }[word];
    if (!work) throw new UsageError(`alerts knows list, show, test, silence and replay; found "${word}"`);
    const configured = await configuredStore(args);
    tellOfStore(args, configured);
    await work(args, configured, words);
    return exitCodes.fine;
  },
};

type Work = (args: Arguments, configured: ConfiguredStore, words: readonly string[]) => Promise<void>;

const list: Work = async (args, configured, words) => {
  if (words.length > 0) throw new UsageError(`alerts list takes no words; found "${words[0]}"`);
  const server = await serverOf(configured);
  const answer = server
    ? await callServer<AlertListAnswer>(server, '/api/alerts')
    : await withStore(configured, (engine) => readAlertList(engine, configured.loaded.config));
  if (isSet(args, 'json')) return print(JSON.stringify(answer));
  const { alerts, silences, dead } = answer;
  print(
    ...alerts.flatMap(describeLines),
    ...silences.map(
      ({ id, matchers, endsAtMs, author, comment }) =>
        `silence ${id} until ${printTime(endsAtMs)}: ${matchers.join(' ')} (${author}${comment === '' ? '' : `: ${comment}`})`,
    ),
    ...dead.map(
      ({ receiver, key, attempts, problem }) =>
        `not delivered to ${receiver} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}: ${key}: ${problem}`,
    ),
  );
};

function describeLines({ name, state, severity, value, threshold, problem, instances }: AlertAnswer): string[] {
  return [
    `${state.padEnd(8)} ${severity.padEnd(8)} ${name}${describeNumbers(value, threshold)}`,
    ...(problem === '' ? [] : [`  ${problem}`]),
    ...instances.map(({ phase, sinceMs, labels, suppressedBy }) => {
      const why = suppressedBy === '' ? '' : ` (${suppressedBy})`;
      return `  ${phase} since ${printTime(sinceMs)} ${printLabels(labels)}${why}`.trimEnd();
    }),
  ];
}

function describeNumbers(value: number | null, threshold: number | null): string {
  const said = value === null ? '' : `, value ${printNumber(value)}`;
  return threshold === null ? said : `${said}, threshold ${printNumber(threshold)}`;
}

const show: Work = async (args, configured, words) => {
  const alert = alertNamed(configured, words, 'show');
  const server = await serverOf(configured);
  const answer = server
    ? await callServer<AlertHistoryAnswer>(server, `/api/alerts/${alert.name}`)
    : await withStore(configured, (engine) => readAlertHistory(engine, alert, configured.loaded.config));
  if (isSet(args, 'json')) return print(JSON.stringify(answer));
  const { state, value, threshold, problem } = answer.alert;
  print(
    `${alert.name}: ${state}, ${alert.severity}${describeNumbers(value, threshold)}`,
    alert.description,
    ...(problem === '' ? [] : [problem]),
    '',
    ...answer.sql.split('\n'),
    '',
    ...answer.history.map(({ atMs, phase, labels, value, announce, receivers, suppressedBy }) => {
      const told =
        announce === '' || receivers.length === 0 ? '' : `; told ${receivers.join(', ')} that it is ${announce}`;
      return `${printTime(atMs)} ${phase} ${printLabels(labels)}${value === null ? '' : ` value ${printNumber(value)}`}${told}${suppressedBy === '' ? '' : ` (${suppressedBy})`}`;
    }),
  );
};

const dayMs = 86_400_000;

const test: Work = async (args, configured, words) => {
  const alert = alertNamed(configured, words, 'test');
  const { fromMs, untilMs = Date.now() } = readTimeRange(args);
  const range = { fromMs: fromMs ?? untilMs - dayMs, toMs: untilMs };
  const running = await serverOf(configured);
  const { maintenance, server } = configured.loaded.config;
  const result = running
    ? await postQuestion<AlertBacktestAnswer>(running, `/api/alerts/${alert.name}/backtest`, {
        from: sqlTime(range.fromMs),
        to: sqlTime(range.toMs),
      })
    : await withStore(configured, (engine) =>
        backtest(alert, range, {
          ...{ engine, maintenance, publicUrl: server.publicUrl },
          signal: new AbortController().signal,
        }),
      );
  if (isSet(args, 'json')) return print(JSON.stringify(result));
  const told = result.entries.flatMap(({ message }) => (message as Message | null) ?? []);
  print(
    `${result.evaluations} evaluations${result.isComplete ? '' : ', which are not all,'} from ${printTime(range.fromMs)} to ${printTime(range.toMs)} would have sent ${told.length} messages`,
    ...told.map(
      ({ status, startsAt, endsAt, summary }) =>
        `${printTime(Date.parse(status === 'firing' ? startsAt : (endsAt ?? startsAt)))} ${summary}`,
    ),
    ...result.problems,
  );
};

const silence: Work = async (args, configured, words) => {
  const end = textOption(args, 'end');
  const server = await serverOf(configured);
  if (end !== undefined) {
    if (words.length > 0) throw new UsageError('alerts silence --end wants the id alone');
    if (server) await callServer(server, `/api/silences/${encodeURIComponent(end)}`, 'DELETE');
    else if (!(await withStore(configured, (engine) => endSilence(engine, end))))
      throw new Error(`cannot end the silence "${end}": there is none, or it has ended`);
    return print(`the silence ${end} has ended`);
  }
  const wrong = words.find((text) => parseMatcher(text) === undefined);
  if (words.length === 0 || wrong !== undefined)
    throw new UsageError(
      `alerts silence wants what is meant, for example host=a.example.com${wrong === undefined ? '' : `; found "${wrong}"`}`,
    );
  const duration = parseDuration(textOption(args, 'for') ?? '');
  if (!('value' in duration) || duration.value === 0)
    throw new UsageError('alerts silence wants --for DURATION, for example --for 2h');
  const wanted = {
    matchers: [...words],
    startsAtMs: Date.now(),
    endsAtMs: Date.now() + duration.value,
    author: textOption(args, 'author') ?? userInfo().username,
    comment: textOption(args, 'comment') ?? '',
  };
  const { id, endsAtMs } = server
    ? await callServer<{ id: string; endsAtMs: number }>(server, '/api/silences', 'POST', wanted)
    : await withStore(configured, (engine) => addSilence(engine, wanted));
  print(`silence ${id} until ${printTime(endsAtMs)}`);
};

const replay: Work = async (_args, configured, words) => {
  const [receiver = '', ...more] = words;
  if (more.length > 0) throw new UsageError('alerts replay takes the name of one receiver');
  const server = await serverOf(configured);
  const { messages } = server
    ? await callServer<{ messages: number }>(server, '/api/alerts/replay', 'POST', { receiver })
    : {
        messages: await withStore(configured, (engine) =>
          replayDead(engine, 'alert_deliveries', (name) => receiver === '' || name === receiver),
        ),
      };
  print(`${messages} ${messages === 1 ? 'message is' : 'messages are'} sent once more`);
  if (!server && messages > 0) tell('tailrace: as soon as "tailrace up" runs');
};

function alertNamed({ loaded }: ConfiguredStore, [name, ...more]: readonly string[], word: string) {
  const { alerts } = loaded.config;
  if (name === undefined || more.length > 0) throw new UsageError(`alerts ${word} wants the name of one alert`);
  const found = alerts.find((one) => one.name === name);
  if (found) return found;
  const names = alerts.map((one) => one.name);
  const near = nearestName(name, names);
  throw new UsageError(
    `there is no alert "${name}"; ${near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`}`,
  );
}

function printLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function printTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
