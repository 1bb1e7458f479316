import { afterAll, beforeAll } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../../support/wikis/faultProxy.js';
import { faultSuite, usualFaults } from '../../support/wikis/faultSuite.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';
import { gitTarget, machine } from '../../support/wikis/gitTarget.js';

let server: GitWikiServer;
let proxy: FaultProxy;
let cacheDirectory: string;

beforeAll(async () => {
  server = await startGitWiki();
  proxy = await startFaultProxy(server.base);
  cacheDirectory = machine();
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
});

// What passes git tries again by itself, so that a fault which is to be told has to stay.
faultSuite(
  usualFaults,
  () => ({
    dialect: 'commonmark',
    proxy,
    secret: server.robot.token,
    target: way =>
      gitTarget(
        { url: way === 'direct' ? server.url : server.url.replace(server.base, proxy.base), robot: server.robot },
        'gitea',
        {
          label: 'Data wiki',
          cacheDirectory,
          timeoutMs: 2500,
          patienceMs: 400
        }
      )
  }),
  { requests: 24, lasting: true }
);
