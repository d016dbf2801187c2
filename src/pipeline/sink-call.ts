import type { Receipt, SinkOptions } from '../sources/source.ts';
import type { Unit } from './prepared-unit.ts';
import type { TakenDelivery } from './take-delivery.ts';

/** A waiting call and its result. */
export interface Call extends Unit {
  /** Of lines, or of files on disk. */
  readonly bytes: number;
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
    receipts,
    resolve: settle(resolve),
    reject: settle(reject),
    isSettled: () => isSettled,
    ...options,
  };
}
