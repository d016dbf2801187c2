import fc from 'fast-check';

const word = fc.oneof(
  fc.constantFrom('{', '}', '"', '\\', '\t', ' ', '\r', '\0', '-', '[ERROR]', '\ufeff', 'é', 'START RequestId: x', '|'),
  fc.constantFrom(
    '2026-03-01T10:00:00.7Z',
    'Mar  1 10:00:00',
    '<34>',
    'REPORT RequestId: a\tDuration: 1 ms',
    'nan',
    '1e999',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const names = ['time', 'level', 'message', 'log', 'attributes', 'record', 'service', 'type', 'instant', 'odd'];
const value: fc.Arbitrary<unknown> = fc.oneof(word, fc.double(), fc.constantFrom(null, '', 1e30, -1), fc.jsonValue());
const json = fc
  .dictionary(fc.constantFrom(...names), fc.oneof(value, fc.dictionary(fc.constantFrom(...names), value)))
  .map((object) => JSON.stringify(object));
const envelope = fc
  .record(
    {
      messageType: fc.constantFrom('DATA_MESSAGE', 'CONTROL_MESSAGE', '', 5),
      logGroup: fc.constantFrom('/aws/lambda/f', 'g', 7),
      logEvents: fc.oneof(
        value,
        fc.array(fc.record({ id: value, timestamp: value, message: fc.oneof(word, json) }, { requiredKeys: [] })),
      ),
    },
    { requiredKeys: [] },
  )
  .map((object) => JSON.stringify(object));
/** A line, of text, an object or an envelope of CloudWatch, with what may confuse who reads it. */
export const oddLine = fc
  .oneof(
    fc.array(word, { maxLength: 6 }).map((words) => words.join('')),
    json,
    envelope,
  )
  .map((text) => Buffer.from(text.replaceAll('\n', ' ')));
export const anyBytes = fc
  .uint8Array({ maxLength: 30 })
  .map((array) => Buffer.from(array.filter((byte) => byte !== 10)));
export const oddLines = fc.array(fc.oneof({ weight: 5, arbitrary: oddLine }, { weight: 1, arbitrary: anyBytes }), {
  minLength: 1,
  maxLength: 25,
});
