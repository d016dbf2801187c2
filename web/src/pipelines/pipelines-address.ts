export const pipelinesAddress = '#/pipelines';
