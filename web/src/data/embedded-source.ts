import type { DataSource, ReportAnswer, StoreRange } from './report-answer.ts';

/** What `report.html` carries in its `tailrace-data` script. */
export interface EmbeddedData {
  /** When the report was made, ISO 8601 UTC. */
  readonly generatedAt: string;
  readonly range: StoreRange;
  /** By report name; a panel whose report is missing shows an error. */
  readonly reports: Readonly<Record<string, ReportAnswer>>;
}

/** @returns null when the placeholder was not filled */
export function readEmbeddedData(document: Document): EmbeddedData | null {
  return JSON.parse(document.getElementById('tailrace-data')?.textContent || 'null') as EmbeddedData | null;
}

export function createEmbeddedSource(data: EmbeddedData): DataSource {
  return {
    isLive: false,
    readRange: async () => data.range,
    readReport: async (name) => {
      const answer = data.reports[name];
      if (!answer) throw new Error(`This report was made without "${name}".`);
      return answer;
    },
  };
}
