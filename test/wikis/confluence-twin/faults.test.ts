import { describe } from 'vitest';
import { startConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { EDITIONS, targetOf } from '../../support/confluenceTwin/targets.js';
import { wikiFaultSuite } from '../../support/wikis/faultSuite.js';

describe.each(EDITIONS)('%s', edition => {
  wikiFaultSuite('confluence', 17, async () => {
    const twin = await startConfluenceTwin(edition, { indexLag: 1 });
    const { origin, pathname } = new URL(twin.url);
    return {
      base: origin,
      secret: twin.token,
      targetOf: base => targetOf(twin, { url: `${base}${pathname}`, timeoutMs: 2500, patienceMs: 400 }),
      stop: () => twin.close()
    };
  });
});
