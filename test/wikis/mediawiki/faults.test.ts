import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMediaWikiTarget } from '../../../server/adapters/wiki-mediawiki/index.js';
import { startFaultProxy, type FaultProxy } from '../../support/wikis/faultProxy.js';
import { faultSuite, usualFaults } from '../../support/wikis/faultSuite.js';
import { startMediaWiki, type MediaWikiServer } from '../../support/wikis/mediawiki.js';

let server: MediaWikiServer;
let proxy: FaultProxy;

beforeAll(async () => {
  server = await startMediaWiki();
  proxy = await startFaultProxy(server.base);
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
});

faultSuite(
  usualFaults,
  () => ({
    dialect: 'mediawiki',
    proxy,
    secret: server.bot.password,
    target: way =>
      createMediaWikiTarget({
        settings: { api: way === 'direct' ? server.api : `${proxy.base}/api.php`, user: server.bot.user, space: '0' },
        password: server.bot.password,
        label: 'Data wiki',
        clock: systemClock,
        timeoutMs: 2500,
        patienceMs: 400
      })
  }),
  { requests: 15 }
);
