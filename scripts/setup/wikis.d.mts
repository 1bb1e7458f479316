/** Path of PHP 8. */
export function findPhp(): string | undefined;
/** Brings MediaWiki and its PHP, once for all checkouts; gives the folder of its code, which is only read. */
export function mediaWikiCode(): Promise<string>;
