/** An address that a browser may be sent to; undefined for any but those of the web, whoever made it up. */
export function webAddress(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
}
