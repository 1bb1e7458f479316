import * as fc from 'fast-check';
import { createIds } from '../../server/ids.js';
import type { ArchiveEvent } from '../../server/share/ports.js';
import { createEvents, createTestClock } from './library.js';

/** Events of a few notebooks as they might happen, in the order of their ids. */
export const history: fc.Arbitrary<ArchiveEvent[]> = fc
  .array(
    fc.record({
      what: fc.oneof(
        { weight: 5, arbitrary: fc.constant('published' as const) },
        { weight: 3, arbitrary: fc.constant('described' as const) },
        { weight: 2, arbitrary: fc.constantFrom('deleted' as const, 'restored' as const) },
        { weight: 1, arbitrary: fc.constant('purged' as const) }
      ),
      notebook: fc.nat(3),
      word: fc.constantFrom('alpha', 'beta', 'gamma', '数据', 'Δelta'),
      owner: fc.constantFrom('ada', 'bob'),
      isPrivate: fc.boolean(),
      fromRoot: fc.boolean(),
      /** Publishes the version before once more, as a share does that was killed after its event. */
      again: fc.boolean()
    }),
    { maxLength: 25 }
  )
  .map(steps => {
    const clock = createTestClock();
    const events = createEvents(clock, createIds(clock));
    const notebooks = Array.from({ length: 4 }, () => events.ids.next());
    const versions = new Map<string, string[]>();
    return steps.map(step => {
      clock.move(1000);
      const notebookId = notebooks[step.notebook] ?? '';
      const audience = { kind: step.isPrivate ? ('owner' as const) : ('everyone' as const) };
      const { word } = step;
      if (step.what === 'described')
        return events.described(notebookId, { title: `${word} renamed`, tags: [word], audience });
      if (step.what !== 'published') return events.happened(step.what, notebookId);
      const known = versions.get(notebookId) ?? [];
      const parent = step.fromRoot ? known[0] : known.at(-1);
      const event = events.published({
        notebookId,
        title: `${word} notebook`,
        text: `prose about ${word}`,
        tags: [word, 'common'],
        groups: [`Group ${word}`],
        tables: [`db.${word}`],
        imports: [word],
        owner: step.owner,
        audience,
        provenance: { kernel: { name: word } },
        ...(parent !== undefined && { parent }),
        ...(step.again && known.length > 0 && { versionId: known.at(-1) ?? '' })
      });
      versions.set(notebookId, [...known, event.versionId]);
      return event;
    });
  });
