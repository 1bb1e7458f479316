/**
 * Finds the cell of a notebook that failed in a run.
 *
 * The output has a cell more where parameters were put in, and the notebook may have changed since: so its source
 * counts more than its place.
 *
 * @param sources - of the cells of the notebook now
 * @param index - its place in the output
 * @param firstLines - of its source, as the run told them
 * @returns its place in the notebook; undefined where there are no cells
 */
export function failingCell(
  sources: readonly string[],
  index: number,
  firstLines: string | undefined
): number | undefined {
  if (sources.length === 0) return undefined;
  const near = Math.min(index, sources.length - 1);
  const wanted = firstLines?.trim().replace(/\s*…$/, '');
  if (!wanted) return near;
  const matches = sources.flatMap((source, place) => (source.trim().startsWith(wanted) ? [place] : []));
  const closest = matches.toSorted((one, other) => Math.abs(one - index) - Math.abs(other - index));
  return closest[0] ?? near;
}
