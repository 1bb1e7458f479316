/**
 * Sentences for people. JupyterLab's `TranslationBundle` is one; pages outside JupyterLab use `plainText`.
 * Arguments stand in a sentence as `%1`, `%2`; in `_n` the number itself is `%1`.
 */
export interface ILibraryText {
  __(text: string, ...values: unknown[]): string;
  _n(singular: string, plural: string, count: number, ...values: unknown[]): string;
}

/** The sentences as they stand in the source. */
export const plainText: ILibraryText = {
  __: fill,
  _n: (singular, plural, count, ...values) => fill(count === 1 ? singular : plural, count, ...values)
};

function fill(text: string, ...values: unknown[]): string {
  return text.replace(/%(\d+)/g, (mark, position: string) => {
    const value = values[Number(position) - 1] as string | number | undefined;
    return value === undefined ? mark : String(value);
  });
}
