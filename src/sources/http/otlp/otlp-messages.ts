import type protobuf from 'protobufjs';

/**
 * The messages of opentelemetry/proto/collector/logs/v1/logs_service.proto and its imports, without unused fields.
 * A record is declared as bytes, so that a damaged one does not affect the others, and only one is decoded at a time.
 * https://github.com/open-telemetry/opentelemetry-proto (Apache-2.0)
 */
const descriptor = {
  ExportLogsServiceRequest: { fields: { resourceLogs: { rule: 'repeated', type: 'ResourceLogs', id: 1 } } },
  ResourceLogs: {
    fields: { resource: { type: 'Resource', id: 1 }, scopeLogs: { rule: 'repeated', type: 'ScopeLogs', id: 2 } },
  },
  Resource: { fields: { attributes: { rule: 'repeated', type: 'KeyValue', id: 1 } } },
  ScopeLogs: {
    fields: { scope: { type: 'InstrumentationScope', id: 1 }, logRecords: { rule: 'repeated', type: 'bytes', id: 2 } },
  },
  InstrumentationScope: {
    fields: { name: { type: 'string', id: 1 }, attributes: { rule: 'repeated', type: 'KeyValue', id: 3 } },
  },
  LogRecord: {
    fields: {
      timeUnixNano: { type: 'fixed64', id: 1 },
      severityNumber: { type: 'int32', id: 2 },
      severityText: { type: 'string', id: 3 },
      body: { type: 'AnyValue', id: 5 },
      attributes: { rule: 'repeated', type: 'KeyValue', id: 6 },
      traceId: { type: 'bytes', id: 9 },
      spanId: { type: 'bytes', id: 10 },
      observedTimeUnixNano: { type: 'fixed64', id: 11 },
      eventName: { type: 'string', id: 12 },
    },
  },
  KeyValue: { fields: { key: { type: 'string', id: 1 }, value: { type: 'AnyValue', id: 2 } } },
  AnyValue: {
    oneofs: {
      value: {
        oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'],
      },
    },
    fields: {
      stringValue: { type: 'string', id: 1 },
      boolValue: { type: 'bool', id: 2 },
      intValue: { type: 'int64', id: 3 },
      doubleValue: { type: 'double', id: 4 },
      arrayValue: { type: 'ArrayValue', id: 5 },
      kvlistValue: { type: 'KeyValueList', id: 6 },
      bytesValue: { type: 'bytes', id: 7 },
    },
  },
  ArrayValue: { fields: { values: { rule: 'repeated', type: 'AnyValue', id: 1 } } },
  KeyValueList: { fields: { values: { rule: 'repeated', type: 'KeyValue', id: 1 } } },
  ExportLogsServiceResponse: { fields: { partialSuccess: { type: 'ExportLogsPartialSuccess', id: 1 } } },
  ExportLogsPartialSuccess: {
    fields: { rejectedLogRecords: { type: 'int64', id: 1 }, errorMessage: { type: 'string', id: 2 } },
  },
  /** google.rpc.Status */
  Status: { fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 } } },
};

export type OtlpMessage = keyof typeof descriptor;

let root: Promise<protobuf.Root> | undefined;

/** Loaded with the first message, because most processes never receive one. */
async function lookup(message: OtlpMessage): Promise<protobuf.Type> {
  root ??= import('protobufjs/light.js').then(({ default: { Root } }) => Root.fromJSON({ nested: descriptor }));
  return (await root).lookupType(message);
}

/** @returns a decoder from bytes to an object with the set fields, 64-bit integers as strings. It throws on damage. */
export async function decoderOf(message: OtlpMessage): Promise<(bytes: Uint8Array) => unknown> {
  const type = await lookup(message);
  return (bytes) => type.toObject(type.decode(bytes), { longs: String });
}

export async function encode(message: OtlpMessage, value: Readonly<Record<string, unknown>>): Promise<Uint8Array> {
  const type = await lookup(message);
  return type.encode(type.fromObject(value)).finish();
}
