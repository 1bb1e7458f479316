/** Path of PHP 8. */
export function findPhp(): string | undefined;
/** Brings MediaWiki, once in a checkout; gives the folder of its code, which is only read. */
export function mediaWikiCode(): Promise<string>;
