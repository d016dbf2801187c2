import { isStatedText, isTimedText, isToldText, objectKeys } from '../../formats/logs/shapes-of.ts';
import type { Transport } from '../../formats/transport.ts';
import { transports } from '../../formats/transports.ts';
import { eventsOf, isMessage } from '../logs/detect-log-layout.ts';
import { isOtlp } from '../logs/otlp-records.ts';
import { carriedLine, carriedService, openSample, separateObjects } from './open-sample.ts';
import type { OpeningStep } from './opening-step.ts';

/**
 * The kind of most lines of a sample: 3, a format with columns; 2, an application format with more than text; 1, text
 * with times or levels; or 0.
 */
export type Known = 0 | 1 | 2 | 3;

export interface OpenedSample {
  readonly steps: readonly OpeningStep[];
  /** The sample without the transports of these steps. */
  readonly lines: readonly string[];
  /** Whether the transports alone prove that the lines are a log. */
  readonly isLog: boolean;
  /** The program of each line, if a transport for lines of many programs names it. */
  readonly services: readonly (string | undefined)[];
}

/**
 * Finds the transports around the lines of a sample.
 * @param known tells how specific the format of sample lines is, if it may be more specific than the second argument
 */
export function findOpening(lines: readonly string[], known: Judge): OpenedSample {
  const steps: OpeningStep[] = [];
  let inner = lines;
  let isLog = false;
  let services: OpenedSample['services'] = [];
  const take = (step: OpeningStep, isCertain: boolean) => {
    steps.push(step);
    inner = openSample(inner, [step]);
    isLog ||= isCertain;
  };
  if (startsWithMark(inner)) take('byte-order-mark', false);
  if (mostOf(inner, (line) => separateObjects(line).length > 1)) take('objects', false);
  if (mostOf(inner, isEnvelope)) take('cloudwatch', true);
  if (mostOf(inner, isOtlp)) take('otlp', true);
  while (steps.length < mostSteps) {
    const found = findTransport(inner, known);
    if (!found) break;
    if (found.isMixed) services = inner.map((line) => carriedService(found, line));
    take(found.name, found.isCertain || found.isMixed === true);
  }
  if (steps.length > 0 && startsWithMark(inner)) take('byte-order-mark', false);
  return { steps, lines: inner, isLog, services };
}

type Judge = (lines: readonly string[], above?: Known) => Known;

const mostSteps = 5;
const comparedLines = 30;
/** Lines that continue the one before have no transport around them. */
const leastShare = 0.5;

function findTransport(lines: readonly string[], known: Judge, deeper = 1): Transport | undefined {
  // One such line is enough: each line is checked, and bare lines are left unchanged. It proves nothing about what is around.
  const certain = transports.find(
    (transport) =>
      transport.isCertain && (deeper > 0 ? lines.some(isCarried(transport)) : mostOf(lines, isCarried(transport))),
  );
  const carrying = transports.filter((transport) => !transport.isCertain && mostOf(lines, isCarried(transport)));
  if (certain || carrying.length === 0) return certain;
  const without = known(lines);
  if (without === 3) return undefined;
  const opened = carrying.map((transport) => {
    const carried = lines.map((line) => ({ line, text: carriedLine(transport, line) }));
    return { transport, carried, inner: carried.flatMap(({ text }) => text ?? []) };
  });
  // Text with a time may itself be what another transport carries.
  const columnar = opened.length > 1 ? opened.find(({ inner }) => known(inner, 2) === 3) : undefined;
  if (columnar) return columnar.transport;
  return opened.find(({ transport, carried, inner }) => {
    // A transport in a transport is a stronger sign than what the lines look like, and so is a time behind another.
    if (transport.isMixed ? carried.some(isTold) || holdsKnown(inner, known) : mostOf(eventsOf(inner), isTimedText))
      return true;
    return known(inner, without) > without || (deeper > 0 && findTransport(inner, known, deeper - 1) !== undefined);
  })?.transport;
}

/** Whether a line that is surely syslog carries text with a time or a level. */
function isTold({ line, text }: { readonly line: string; readonly text: string | undefined }): boolean {
  return text !== undefined && isToldText(text) && isStatedText(line);
}

/** Whether a line alone shows what it is: a message with a time and a level, an object, a request. */
function holdsKnown(lines: readonly string[], known: Judge): boolean {
  if (lines.some((line) => isMessage(line) || objectKeys(line))) return true;
  const requests = lines.filter((line) => line.includes(' HTTP/')).slice(0, mostRequests);
  return requests.some((line) => known([line]) === 3);
}

/** To find their format takes milliseconds each. */
const mostRequests = 10;

function isCarried(transport: Transport) {
  return (line: string) => carriedLine(transport, line) !== undefined;
}

function startsWithMark([first]: readonly string[]): boolean {
  return first?.startsWith('\uFEFF') === true;
}

function mostOf(lines: readonly string[], isSo: (line: string) => boolean): boolean {
  const filled = lines.filter((line) => line.trim() !== '').slice(0, comparedLines);
  return filled.length > 0 && filled.filter(isSo).length >= filled.length * leastShare;
}

/** By its beginning, because an envelope may be longer than the sample. */
function isEnvelope(line: string): boolean {
  return line.startsWith('{') && line.includes('"messageType"') && line.includes('"logEvents"');
}
