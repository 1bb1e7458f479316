import { createClient } from '../../contract/client.js';
import type { Client } from '../../contract/client.js';
import { createHttpTransport, requestWithCookie } from './http.js';

/**
 * The client of a page that the Jupyter server itself serves: it is let in by the page's cookie.
 *
 * @param base - `<server>/lakeside` without a slash at its end
 */
export function createPageClient(base: string): Client {
  return createClient(createHttpTransport({ apiUrl: `${base}/api/v1`, request: requestWithCookie }));
}
