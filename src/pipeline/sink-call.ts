import { batchLayoutId } from '../layouts/batch-layout.ts';
import type { Receipt, SinkOptions } from '../sources/source.ts';
import type { Unit } from './prepared-unit.ts';
import type { TakenDelivery } from './take-delivery.ts';

/** Lines of smaller files are gathered in memory; larger files are read one after the other. */
const smallFileBytes = 1024 ** 2;

/** A waiting call and its result. */
export interface Call extends Unit {
  /** Of lines, or of files on disk. */
  readonly bytes: number;
  /** Only calls of one kind share a batch. */
  readonly kind: string;
  readonly isLarge: boolean;
  readonly receipts: Promise<readonly Receipt[]>;
  isSettled(): boolean;
}

export function openCall(deliveries: readonly TakenDelivery[], bytes: number, options: SinkOptions): Call {
  let isSettled = false;
  let [resolve, reject]: [Unit['resolve'], Unit['reject']] = [() => {}, () => {}];
  const receipts = new Promise<readonly Receipt[]>((...settlers) => {
    [resolve, reject] = settlers;
  });
  const settle =
    <T>(how: (value: T) => void) =>
    (value: T) => {
      isSettled = true;
      how(value);
    };
  return {
    deliveries,
    bytes,
    ...kindOf(deliveries),
    receipts,
    resolve: settle(resolve),
    reject: settle(reject),
    isSettled: () => isSettled,
    ...options,
  };
}

/** Files are stored by layout, so that a retry after a fault of one repeats few statements. */
function kindOf(deliveries: readonly TakenDelivery[]): Pick<Call, 'kind' | 'isLarge'> {
  const files = deliveries.flatMap(({ file }) => file ?? []);
  const isLarge = files.some(({ file }) => file.bytes >= smallFileBytes);
  return { kind: files[0] ? `${isLarge} ${batchLayoutId(files[0].layout)}` : 'lines', isLarge };
}
