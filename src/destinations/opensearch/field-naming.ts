/** How fields of documents are named: like the columns of the store, as the Elastic Common Schema has it, or as CloudFront's log does. */
export const namings = ['native', 'ecs', 'cloudfront'] as const;
export type Naming = (typeof namings)[number];
