import './style/theme.css';
import './style/page.css';
import './style/panel.css';
import './style/controls.css';
import './style/sql.css';
import { createRoot } from 'preact/compat/client';
import { StrictMode } from 'react';
import { readEmbeddedData } from './data/embedded-source.ts';
import { ReportPage } from './static/report-page.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('BUG: report.html has no #root');
const data = readEmbeddedData(document);
createRoot(root).render(
  <StrictMode>{data ? <ReportPage data={data} /> : <p>This report holds no data.</p>}</StrictMode>,
);
