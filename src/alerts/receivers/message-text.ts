import { type Message, printNumber } from '../message.ts';

/** Name and value of what is known besides the summary, as people read it. */
export function factsOf({
  labels,
  value,
  threshold,
  baseline,
  startsAt,
  endsAt,
}: Message): [name: string, text: string][] {
  const numbers = { Value: value, Threshold: threshold, Usual: baseline };
  return [
    ...Object.entries(labels),
    ...Object.entries(numbers).flatMap(([name, number]): [string, string][] =>
      number === null ? [] : [[name, printNumber(number)]],
    ),
    ['Since', printTime(startsAt)],
    ...(endsAt === null ? [] : [['Until', printTime(endsAt)] as [string, string]]),
  ];
}

/** `host a.example: 80 % of the change, 120 requests instead of 3` */
export function changesOf({ changes }: Message): string[] {
  return changes.map(
    ({ dimension, value, share, requests, before }) =>
      `${dimension} ${value}: ${Math.round(share * 100)} % of the change, ${printNumber(requests)} requests instead of ${printNumber(before)}`,
  );
}

/** All of it, as lines of plain text. */
export function textOf(message: Message): string {
  const changes = changesOf(message);
  return [
    message.summary,
    message.description,
    '',
    ...factsOf(message).map(([name, text]) => `${name}: ${text}`),
    ...(changes.length > 0
      ? ['', 'What has changed beside the hour before:', ...changes.map((line) => `  ${line}`)]
      : []),
    ...(message.link === null ? [] : ['', message.link]),
  ].join('\n');
}

function printTime(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
