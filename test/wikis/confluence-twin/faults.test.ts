import { startConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { EDITIONS, targetOf } from '../../support/confluenceTwin/targets.js';
import type { Edition } from '../../support/confluenceTwin/rules.js';
import { wikiFaultSuite, type FaultySite } from '../../support/wikis/faultSuite.js';

const REQUESTS = 17;

async function start(edition: Edition): Promise<FaultySite> {
  const twin = await startConfluenceTwin(edition, { indexLag: 1 });
  const { origin, pathname } = new URL(twin.url);
  return {
    base: origin,
    target: base => targetOf(twin, { url: `${base}${pathname}`, timeoutMs: 2500, patienceMs: 400 }),
    secret: twin.token,
    stop: () => twin.close()
  };
}

for (const [edition, name] of EDITIONS) wikiFaultSuite(name, () => start(edition), REQUESTS);
