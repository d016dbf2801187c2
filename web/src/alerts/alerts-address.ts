export const alertsAddress = '#/alerts';
