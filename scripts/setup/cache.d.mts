/** A folder of the person's cache, filled where it is not there yet; gives its path. */
export function cached(name: string, fill: (folder: string) => Promise<void> | void): Promise<string>;
