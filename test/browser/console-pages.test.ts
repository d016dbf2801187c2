import { describe } from 'vitest';
import { accessibilityCases } from './accessibility-cases.ts';
import { alertCases } from './alert-cases.ts';
import { damagedStoreCases } from './damaged-store-cases.ts';
import { describeConsole } from './describe-console.ts';
import { guardedConsoleCases } from './guarded-console-cases.ts';
import { liveCases } from './live-cases.ts';
import { outageCases } from './outage-cases.ts';
import { pipelinesPageCases } from './pipelines-page-cases.ts';
import { reportFileCases } from './report-file-cases.ts';
import { sqlPageCases } from './sql-page-cases.ts';
import { weightCases } from './weight-cases.ts';
import { windowCases } from './window-cases.ts';

/** The other pages, and what all pages have in common. The order matters: the last ones store lines and damage the store. */
describeConsole('example logs', (current) => {
  describe('SQL page', () => sqlPageCases(current));
  describe('pipelines page', () => pipelinesPageCases(current));
  describe('accessibility', () => accessibilityCases(current));
  describe('weight', () => weightCases(current));
  describe('without its server', () => outageCases(current));
  describe('with live data', () => liveCases(current));
  describe('alerts', () => alertCases(current));
  describe('windows', () => windowCases(current));
  describe('behind a token', () => guardedConsoleCases(current));
  describe('over a damaged store', () => damagedStoreCases(current));
  describe('report file', () => reportFileCases(current));
});
