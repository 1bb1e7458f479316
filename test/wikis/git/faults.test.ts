import { startGitWiki } from '../../support/wikis/gitServer.js';
import { gitTarget, machine } from '../../support/wikis/gitTarget.js';
import { wikiFaultSuite } from '../../support/wikis/faultSuite.js';

// What passes is tried again at once, so that a fault which is to be told has to last.
wikiFaultSuite(
  'commonmark',
  12,
  async () => {
    const server = await startGitWiki();
    const cacheDirectory = machine();
    return {
      base: server.base,
      secret: server.robot.token,
      targetOf: base =>
        gitTarget({ url: server.url.replace(server.base, base), robot: server.robot }, 'gitea', {
          label: 'Data wiki',
          cacheDirectory,
          timeoutMs: 2500,
          patienceMs: 400
        }),
      stop: () => server.stop()
    };
  },
  true
);
