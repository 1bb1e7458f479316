// Keycloak, the identity provider that many companies run.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { bringJava, maven } from './lakes.mjs';
import { withLock } from './lock.mjs';
import { run } from './run.mjs';

const KEYCLOAK = '26.7.3';

/** Brings Keycloak, once for all checkouts: 176 MB to load, and a minute in which it builds itself. @returns its folder */
export async function keycloakProgram() {
  return withLock('keycloak', async () => {
    await bringJava();
    return cached(`keycloak-${KEYCLOAK}`, async work => {
      await maven(work, [
        'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy',
        `-Dartifact=org.keycloak:keycloak-quarkus-dist:${KEYCLOAK}:tar.gz`,
        `-DoutputDirectory=${work}`
      ]);
      const archive = join(work, `keycloak-quarkus-dist-${KEYCLOAK}.tar.gz`);
      await run('tar', ['xzf', archive, '--strip-components=1'], { cwd: work });
      rmSync(archive);
      // With what is chosen here it starts without building itself each time.
      await run(join(work, 'bin', 'kc.sh'), ['build', '--db=dev-mem'], { cwd: work });
    });
  });
}
