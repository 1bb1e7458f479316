import { isDeepStrictEqual } from 'node:util';
import type { DetailsChange, LibraryItem } from '../../../contract/share/index.js';

/** What of a change differs from what is there; undefined where nothing does, so that nothing is written. */
export function changesOf(item: LibraryItem, change: DetailsChange): DetailsChange | undefined {
  const { title, tags, groups, audience } = change;
  const changes: DetailsChange = {
    ...(title !== undefined && title !== item.title && { title }),
    ...(tags && !isDeepStrictEqual(tags, item.tags) && { tags }),
    ...(groups && !isDeepStrictEqual(groups, item.groups) && { groups }),
    ...(audience && !isDeepStrictEqual(audience, item.audience) && { audience })
  };
  return Object.keys(changes).length > 0 ? changes : undefined;
}
