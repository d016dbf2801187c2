import type { AlertPlan, NamedReceiver } from '../alerts/alert-plan.ts';
import type { Receiver } from '../alerts/receivers/receiver.ts';
import type { Config } from '../config/config-schema.ts';
import type { NotificationConfig } from '../config/sections/notifications-section.ts';

/** Turns the configuration into what is evaluated and who is told; loads the code of the receivers. */
export async function planAlerts({ alerts, notifications, maintenance, server }: Config): Promise<AlertPlan> {
  const receivers = await Promise.all(
    notifications.map(async (one): Promise<NamedReceiver> => {
      const { name, type, giveUpAfterMs } = one;
      return { name, type, giveUpAfterMs, receiver: await createReceiver(one) };
    }),
  );
  return { alerts, receivers, maintenance, ...(server.publicUrl === undefined ? {} : { publicUrl: server.publicUrl }) };
}

/** Loads its code; does no other I/O. */
export async function createReceiver(config: NotificationConfig): Promise<Receiver> {
  switch (config.type) {
    case 'webhook':
      return (await import('../alerts/receivers/webhook-receiver.ts')).createWebhookReceiver(config);
    case 'slack':
      return (await import('../alerts/receivers/slack-receiver.ts')).createSlackReceiver(config);
    case 'alertmanager':
      return (await import('../alerts/receivers/alertmanager-receiver.ts')).createAlertmanagerReceiver(config);
    case 'pagerduty':
      return (await import('../alerts/receivers/pagerduty-receiver.ts')).createPagerDutyReceiver(config);
    case 'email':
      return (await import('../alerts/receivers/email-receiver.ts')).createEmailReceiver(config);
    case 'sns':
      return (await import('../alerts/receivers/sns-receiver.ts')).createSnsReceiver(config);
    case 'command':
      return (await import('../alerts/receivers/command-receiver.ts')).createCommandReceiver(config);
  }
}
