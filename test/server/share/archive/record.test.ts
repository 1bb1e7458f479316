import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRecords, recordOf } from '../../../../server/share/archive/record.js';
import type { ArchiveEvent, NotebookRecord } from '../../../../server/share/ports.js';
import { history } from '../../../support/archiveModel.js';

const ofOne = (events: ArchiveEvent[]) => events.filter(event => event.notebookId === events[0]?.notebookId);
const fold = (events: ArchiveEvent[]): NotebookRecord | undefined =>
  events
    .map(event => mergeRecords(recordOf(event), recordOf(event)))
    .reduce<NotebookRecord | undefined>((sum, record) => (sum ? mergeRecords(sum, record) : record), undefined);
const plain = (record: NotebookRecord | undefined) => {
  const { provenances: _provenances, ...rest } = record ?? {};
  return JSON.stringify(rest);
};

describe('records', () => {
  it('come to the same in any order, also when events repeat', () => {
    fc.assert(
      fc.property(
        history.chain(all => {
          const events = ofOne(all);
          const indices = events.map((_, index) => index);
          const more = fc.array(fc.constantFrom(...(indices.length > 0 ? indices : [0])), { maxLength: 5 });
          return fc.tuple(fc.constant(events), fc.shuffledSubarray(indices, { minLength: indices.length }), more);
        }),
        ([events, order, again]) => {
          const other = [...order, ...again].flatMap(index => events[index] ?? []);
          expect(plain(fold(other))).toBe(plain(fold(events)));
        }
      )
    );
  });

  it('come to the same in parts', () => {
    fc.assert(
      fc.property(history, fc.nat(), (all, cut) => {
        const events = ofOne(all);
        const at = events.length === 0 ? 0 : cut % events.length;
        const [one, two] = [fold(events.slice(0, at)), fold(events.slice(at))];
        const joined = one && two ? mergeRecords(one, two) : (one ?? two);
        expect(plain(joined)).toBe(plain(fold(events)));
      })
    );
  });

  it('say what reading the events in order says', () => {
    fc.assert(
      fc.property(history, all => {
        const events = ofOne(all);
        const record = fold(events);
        if (record === undefined) return;
        // The plain reading: one event after the other changes the state.
        let title: string | undefined;
        let isDeleted: boolean | undefined;
        let text: string | undefined;
        let versions = new Set<string>();
        for (const event of events) {
          if (event.type === 'purged') {
            [title, isDeleted, text, versions] = [undefined, undefined, undefined, new Set()];
          } else if (event.type === 'published') {
            [title, isDeleted, text] = [event.title, false, event.text];
            versions.add(event.versionId);
          } else if (event.type === 'described') title = event.title ?? title;
          else isDeleted = event.type === 'deleted';
        }
        expect(record.core.title?.value).toBe(title);
        expect(record.text?.value).toBe(text);
        expect(record.versions.map(version => version.versionId)).toEqual([...versions].sort());
        const deletedAt = record.core.deletedAt?.value;
        expect(deletedAt === undefined ? undefined : deletedAt !== null).toBe(isDeleted);
      })
    );
  });
});
