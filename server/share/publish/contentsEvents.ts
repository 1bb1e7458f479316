import type { Bindings, ContentsEvent } from '../ports.js';

/**
 * Lets the bindings follow what happened to the files, once for each event, however often it is handed over.
 * A rename takes the bindings along, below a renamed folder too. A deletion marks them: a file put back is known
 * again, another file in its place is not. A copy changes nothing: the copy's own id tells what it is.
 */
export function applyContentsEvent(bindings: Bindings, event: ContentsEvent): void {
  const { id, place, from } = event;
  switch (event.action) {
    case 'rename':
      if (from) bindings.once(id, () => bindings.move(from, place));
      return;
    case 'delete':
      bindings.once(id, () => bindings.markGone(place));
      return;
    case 'save':
      // The time of change of a file tells by itself; other contents managers tell only this way.
      if (place.root !== 'file:') bindings.once(id, () => forgetSeen(bindings, event));
      return;
    case 'copy':
      return;
  }
}

function forgetSeen(bindings: Bindings, { place }: ContentsEvent): void {
  const bound = bindings.at(place);
  if (bound) bindings.saw(place, bound.notebookId, undefined);
}
