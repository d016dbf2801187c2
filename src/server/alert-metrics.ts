import { Gauge, type Registry } from 'prom-client';
import { readActive } from '../alerts/alert-book.ts';
import type { Alerts } from '../alerts/run-alerts.ts';
import type { Engine } from '../engine/engine.ts';
import { waitAtMost } from './wait-at-most.ts';

const storeWithinMs = 3000;

/** @returns a function that updates the metrics of alerts; called at each scrape, it never fails */
export function addAlertMetrics(
  registry: Registry,
  engine: Engine,
  alerts: () => Alerts | undefined,
): () => Promise<void> {
  const gauge = <T extends string>(name: string, help: string, labelNames: T[]) =>
    new Gauge({ name: `tailrace_${name}`, help, labelNames, registers: [registry] });
  const instances = gauge('alert_instances', 'Instances that are pending or fire', ['alert', 'severity', 'phase']);
  const evaluations = gauge('alert_evaluations', 'Evaluations since the process started', []);
  const failures = gauge('alert_evaluation_failures', 'Of them, those that failed', []);
  const delivered = gauge('notifications_delivered', 'Messages that the receiver took since the process started', [
    'receiver',
  ]);
  const failed = gauge('notifications_failed_attempts', 'Attempts that failed since the process started', ['receiver']);
  const dead = gauge('notifications_dead', 'Messages that were given up since the process started', ['receiver']);
  const waiting = gauge('notifications_waiting', 'Messages that wait for the receiver', ['receiver']);
  return async () => {
    for (const metric of [instances, delivered, failed, dead, waiting]) metric.reset();
    const running = alerts();
    if (!running) return;
    const { status, plan } = running;
    evaluations.set(status.evaluations);
    failures.set(status.failures);
    for (const [receiver, counts] of status.deliveries) {
      delivered.set({ receiver }, counts.delivered);
      failed.set({ receiver }, counts.failed);
      dead.set({ receiver }, counts.dead);
      waiting.set({ receiver }, counts.waiting);
    }
    const active = (await waitAtMost(readActive(engine), storeWithinMs)) ?? [];
    for (const { name, severity } of plan.alerts) {
      for (const phase of ['pending', 'firing'] as const) {
        const count = active.filter((one) => one.alert === name && one.phase === phase).length;
        instances.set({ alert: name, severity, phase }, count);
      }
    }
  };
}
