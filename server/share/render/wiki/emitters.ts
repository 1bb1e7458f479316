import type { WikiDialect, WikiPageOptions } from '../../wiki/ports.js';
import type { Emitter, Surroundings } from './parts.js';

/** Makes the emitter of a page. */
export type MakeEmitter = (options: WikiPageOptions, around: Surroundings) => Emitter;

const emitters: Record<WikiDialect, () => Promise<MakeEmitter>> = {
  mediawiki: async () => {
    const { MediaWikiEmitter } = await import('../mediawiki/emitter.js');
    return ({ features, marker }, around) => new MediaWikiEmitter(features, marker, around);
  },
  commonmark: async () => {
    const { CommonMarkEmitter } = await import('../commonmark/emitter.js');
    return ({ features, marker }, around) => new CommonMarkEmitter(features, marker, around);
  },
  dokuwiki: async () => {
    const { DokuWikiEmitter } = await import('../dokuwiki/emitter.js');
    return ({ features, marker }, around) => new DokuWikiEmitter(features, marker, around);
  },
  confluence: async () => {
    const { ConfluenceEmitter } = await import('../confluence/emitter.js');
    return ({ features, marker }, around) => new ConfluenceEmitter(features, marker, around);
  }
};

/** The emitter of a dialect, loaded when it is asked for. */
export function loadEmitter(dialect: WikiDialect): Promise<MakeEmitter> {
  return emitters[dialect]();
}
