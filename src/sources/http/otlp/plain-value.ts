type Fields = Readonly<Record<string, unknown>>;

/** @returns the fields of an object; empty for anything else */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** OTLP's `AnyValue`, from protobuf or JSON, as plain JSON: bytes as base64, integers beyond 2^53 as strings. */
export function plainValue(value: unknown): unknown {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = fieldsOf(value);
  if (stringValue !== undefined) return stringValue;
  if (boolValue !== undefined) return boolValue;
  if (intValue !== undefined) return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : String(intValue);
  // JSON has neither infinity nor NaN.
  if (doubleValue !== undefined) return Number.isFinite(doubleValue) ? doubleValue : String(doubleValue);
  if (arrayValue !== undefined) return listOf(fieldsOf(arrayValue).values).map(plainValue);
  if (kvlistValue !== undefined) return plainAttributes(fieldsOf(kvlistValue).values);
  if (bytesValue instanceof Uint8Array) return Buffer.from(bytesValue).toString('base64');
  return bytesValue ?? null;
}

/** A list of `KeyValue`. */
export function plainAttributes(list: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    listOf(list).map((entry) => {
      const { key, value } = fieldsOf(entry);
      return [String(key ?? ''), plainValue(value)] as const;
    }),
  );
}
