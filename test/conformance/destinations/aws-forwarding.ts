import type { GatedAnswer, GatedRequest } from './gate.ts';

/** Which action of AWS's JSON protocol a request asks for: `PutRecords`. */
export function actionOf({ headers }: Pick<GatedRequest, 'headers'>): string {
  return String(headers['x-amz-target']).split('.')[1] ?? '';
}

export const accessDenied: GatedAnswer = {
  status: 400,
  body: { __type: 'AccessDeniedException', message: 'User: test is not authorized' },
};

/** The answer of a server of AWS's JSON protocol. */
export async function forward(url: string, { headers, bytes }: GatedRequest): Promise<GatedAnswer> {
  const passed = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization'];
  const response = await fetch(url, {
    method: 'POST',
    headers: Object.fromEntries(passed.map((name) => [name, String(headers[name])])),
    // Not of shared memory; a copy would count as memory of the destination.
    body: bytes as Uint8Array<ArrayBuffer>,
  });
  return { status: response.status, body: await response.json() };
}
