import { startConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { EDITIONS, targetOf } from '../../support/confluenceTwin/targets.js';
import { wikiFaultSuite } from '../../support/wikis/faultSuite.js';

for (const [edition, name] of EDITIONS)
  wikiFaultSuite(name, async () => {
    const twin = await startConfluenceTwin(edition, { indexLag: 1 });
    const { origin, pathname } = new URL(twin.url);
    return {
      base: origin,
      target: base => targetOf(twin, { url: `${base}${pathname}`, timeoutMs: 2500, patienceMs: 400 }),
      secret: twin.token,
      stop: () => twin.close()
    };
  });
