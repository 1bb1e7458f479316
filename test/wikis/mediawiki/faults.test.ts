import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMediaWikiTarget } from '../../../server/adapters/wiki-mediawiki/index.js';
import { wikiFaultSuite } from '../../support/wikis/faultSuite.js';
import { startMediaWiki } from '../../support/wikis/mediawiki.js';

wikiFaultSuite('the real MediaWiki', async () => {
  const server = await startMediaWiki();
  return {
    base: server.base,
    target: base =>
      createMediaWikiTarget({
        settings: { api: `${base}/api.php`, user: server.bot.user, space: '0' },
        password: server.bot.password,
        label: 'Data wiki',
        clock: systemClock,
        timeoutMs: 2500,
        patienceMs: 400
      }),
    secret: server.bot.password,
    stop: () => server.stop()
  };
});
