import { startMockServer } from './mock-server.ts';

// `npx tsx web/dev/serve-mock.ts`: the built console without a store, for work on its looks.
const { address } = await startMockServer(`${import.meta.dirname}/../../dist/web`, 4281);
console.log(address);
