/**
 * The first heading in the markdown cells of a notebook.
 *
 * @param sources - the markdown cells in their order
 * @returns its text without marks, at most 200 characters; undefined where there is none
 */
export function headingOf(sources: Iterable<string>): string | undefined {
  for (const source of sources) {
    const text = headingIn(source);
    if (text) return text.slice(0, 200).trim();
  }
  return undefined;
}

function headingIn(source: string): string | undefined {
  let fence: string | undefined;
  for (const line of source.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
      continue;
    }
    const heading = fence === undefined ? /^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line)?.[1] : undefined;
    if (heading) return plain(heading);
  }
  return undefined;
}

/** A heading without emphasis, code marks and link targets. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]*>/g, '')
    .replace(/(\*\*|__|\*|`)(.+?)\1/g, '$2')
    .trim();
}
