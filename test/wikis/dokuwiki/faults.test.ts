import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createDokuWikiTarget } from '../../../server/adapters/wiki-dokuwiki/index.js';
import { startDokuWiki } from '../../support/wikis/dokuwiki.js';
import { wikiFaultSuite } from '../../support/wikis/faultSuite.js';

wikiFaultSuite('dokuwiki', 22, async () => {
  const server = await startDokuWiki();
  return {
    base: server.base.slice(0, -1),
    secret: server.robot.password,
    targetOf: base =>
      createDokuWikiTarget({
        settings: { url: base, user: server.robot.user, space: ':', figures: 'lakeside' },
        password: server.robot.password,
        label: 'Data wiki',
        clock: systemClock,
        timeoutMs: 2500,
        patienceMs: 400
      }),
    stop: () => server.stop()
  };
});
