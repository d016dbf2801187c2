import './style/theme.css';
import './style/page.css';
import './style/panel.css';
import './style/controls.css';
import './style/sql.css';
import './pipelines/pipelines.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { httpSource } from './data/http-source.ts';
import { OverviewPage } from './overview/overview-page.tsx';
import { pipelinesAddress } from './pipelines/pipelines-address.ts';
import { PipelinesPage } from './pipelines/pipelines-page.tsx';
import { SqlPage } from './sql/sql-page.tsx';
import { readSqlPageAddress } from './sql/sql-page-address.ts';
import { useAddressHash } from './view/view-state.ts';

function Console() {
  const hash = useAddressHash();
  if (hash === pipelinesAddress) return <PipelinesPage />;
  const statement = readSqlPageAddress(hash);
  return statement === null ? <OverviewPage source={httpSource} /> : <SqlPage key={statement} statement={statement} />;
}

const root = document.getElementById('root');
if (!root) throw new Error('BUG: index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);
