import type { WikiDialect, WikiFeatures } from '../../../server/share/wiki/ports.js';

/** A wiki of a dialect that can do all that wikis of its kind can. */
export function featuresOf(dialect: WikiDialect, more: Partial<WikiFeatures> = {}): WikiFeatures {
  return {
    dialect,
    maths: dialect === 'mediawiki' || dialect === 'commonmark' ? 'native' : 'source',
    collapsible: dialect !== 'dokuwiki',
    highlights: true,
    pictures: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'],
    attachments: 'page',
    spaces: true,
    parents: true,
    tags: dialect === 'mediawiki',
    compareAndSet: 'exact',
    maxBodyBytes: 4 * 1024 * 1024,
    maxAttachmentBytes: 10 * 1024 * 1024,
    ...more
  };
}
