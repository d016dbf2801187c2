import type { ApiRoute } from '../api-route.ts';
import { intakeOperations } from '../intake-operations.ts';
import { describeApi } from '../openapi-document.ts';

/** The document describes its own route too, so it is made from the list that contains it. */
export function createOpenapiRoute(others: readonly ApiRoute[]): ApiRoute {
  const route: ApiRoute = {
    method: 'GET',
    path: '/api/openapi.json',
    operationId: 'getOpenapi',
    summary: 'This document',
    answer: { description: 'OpenAPI 3.1', content: { 'application/json': undefined } },
    failures: [],
    handler: ({ version }) => describeApi([...others, route, ...intakeOperations], version),
  };
  return route;
}
