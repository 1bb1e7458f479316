// The S3 server of the tests that Debian has: Ceph with its gateway.
import { existsSync } from 'node:fs';
import { aptInstall } from './apt.mjs';
import { withLock } from './lock.mjs';

const PACKAGES = ['ceph-mon', 'ceph-osd', 'radosgw', 'ceph-common'];
const programs = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'monmaptool'];

/** Installs Ceph where it is missing: 70 MB to load. No service of it is started. */
export async function cephPrograms() {
  await withLock('ceph', async () => {
    const missing = programs.filter(name => !existsSync(`/usr/bin/${name}`));
    if (missing.length === 0) return;
    const cure = `Install it: apt-get install --no-install-recommends ${PACKAGES.join(' ')}`;
    await aptInstall(`Ceph (${missing.join(', ')})`, PACKAGES, cure);
  });
}
