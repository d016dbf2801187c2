import { askReceiver } from './ask-receiver.ts';
import { credentialsOf, explainAnswer } from './judge-answer.ts';
import { explainNetworkFault } from './network-fault.ts';
import type { WebhookOptions } from './send-webhook.ts';

/**
 * Whether a receiver can be reached and lets one in: asks for what it allows, which tells it nothing. Receivers need not know that
 * method, so any other answer will do. @returns problems with remedies, without credentials
 */
export async function checkWebhook(options: WebhookOptions, signal: AbortSignal): Promise<readonly string[]> {
  const { url, headers = {}, secret, timeoutMs, hidden = [] } = options;
  const tell = (why: string) => [`cannot send to "${new URL(url).origin}": ${why}`];
  try {
    const answer = await askReceiver(
      url,
      { method: 'OPTIONS', headers: { 'user-agent': 'tailrace', ...headers } },
      timeoutMs,
      signal,
    );
    return answer.status === 401 ? tell(explainAnswer(answer, [...credentialsOf({ headers, secret }), ...hidden])) : [];
  } catch (cause) {
    signal.throwIfAborted();
    return tell(explainNetworkFault(cause));
  }
}
