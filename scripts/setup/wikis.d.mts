/** Path of PHP 8. */
export function findPhp(): string | undefined;
/** Brings MediaWiki, once for all checkouts; gives the folder of its code, which is only read. */
export function mediaWikiCode(): Promise<string>;
/** Brings DokuWiki likewise, with Debian's configuration in `../conf` and the data of an empty wiki in `../data`. */
export function dokuWikiCode(): Promise<string>;
