import { it } from 'vitest';
import { createMemoryWiki } from '../../../../server/adapters/memory/wiki.js';
import type { WikiDialect } from '../../../../server/share/wiki/ports.js';
import { takeApart } from '../../../../server/share/wiki/region.js';
import { dose } from '../../../support/dose.js';
import { assertNothingLost, MARKER, type ConflictSite } from '../../../support/wikis/conflictWorld.js';

function modelOf(dialect: WikiDialect): ConflictSite {
  const { target, people } = createMemoryWiki({ features: { dialect } });
  return {
    target,
    dialect,
    pages: () => people.pages(),
    write(page, given, deed, at) {
      const word = dialect === 'confluence' ? `<p>${given}</p>` : given;
      if (deed === 'before' || deed === 'after') {
        people.edit(page.id, body => (deed === 'before' ? `${word}\n\n${body}` : `${body}\n\n${word}`));
        return 'outside';
      }
      const parts = takeApart(page.body, dialect, MARKER);
      if (typeof parts === 'string' || deed !== 'inside') return undefined;
      const lines = parts.region.split('\n');
      lines.splice(1 + (at % (lines.length - 1)), 0, word);
      people.edit(page.id, () => parts.before + lines.join('\n') + parts.after);
      return 'inside';
    },
    rename: (id, title) => people.rename(id, title),
    remove: id => people.remove(id),
    restore: id => people.restore(id)
  };
}

it('nothing a person wrote is lost, and there is never a second page', async () => {
  const dialects: WikiDialect[] = ['mediawiki', 'commonmark', 'dokuwiki', 'confluence'];
  await assertNothingLost(
    dialects.map(dialect => () => modelOf(dialect)),
    dose('conflicts', { ci: 500, full: 5000 })
  );
});
