import type { Enrich } from '../layouts/compile-insert.ts';
import { userAgentColumns } from './user-agents/expressions.ts';

/** What the engine derives from a line's own columns at insert. */
export const enrich: Enrich = (columns) => {
  const userAgent = columns.get('user_agent');
  if (!userAgent) return new Map();
  const agent = userAgentColumns(userAgent);
  return new Map([
    ['browser', agent.browser],
    ['browser_version', agent.browserVersion],
    ['os', agent.os],
    ['os_version', agent.osVersion],
    ['device', agent.device],
    ['device_class', agent.deviceClass],
    ['is_bot', agent.isBot],
    ['bot', agent.bot],
    ['bot_category', agent.botCategory],
  ]);
};
