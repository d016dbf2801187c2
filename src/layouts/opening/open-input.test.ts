import { expect, test } from 'vitest';
import { openInput } from './open-input.ts';

const header = ['#Version: 1.0', '#Fields: date time c-ip cs-method cs-uri-stem sc-status'];
const row = '2026-03-01\t10:00:00\t203.0.113.7\tGET\t/a\t200';
const carried = JSON.stringify({ log: `${row}\n`, stream: 'stdout', time: '2026-03-01T10:00:00Z' });

test('nothing is around lines under a header of their own', () => {
  expect(openInput([...header, row])).toEqual({ steps: [], lines: [...header, row], isLog: false, services: [] });
});

test('a line among them that is carried is found all the same', () => {
  expect(openInput([...header, row, carried])).toMatchObject({ steps: ['docker-json'], lines: [...header, row, row] });
});

test('a header that is carried itself is found behind what carries it', () => {
  const lines = [...header, row].map((line) =>
    JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-03-01T10:00:00Z' }),
  );
  expect(openInput(lines)).toMatchObject({ steps: [expect.any(String)], lines: [...header, row] });
});
