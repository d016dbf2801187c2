import type { ApiRoute } from '../api-route.ts';

export const metricsRoute: ApiRoute = {
  method: 'GET',
  path: '/metrics',
  operationId: 'getMetrics',
  summary: 'Metrics for Prometheus',
  answer: { description: 'Prometheus’ text format', content: { 'text/plain': undefined } },
  failures: [],
  async handler({ metrics }, _request, reply) {
    const text = await metrics.print();
    return reply.header('content-type', metrics.contentType).send(text);
  },
};
