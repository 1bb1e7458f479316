import { ServerConnection } from '@jupyterlab/services';
import { createClient } from '../../contract/client.js';
import type { Client } from '../../contract/client.js';
import { systemRoutes } from '../../contract/system.js';
import type { Status } from '../../contract/system.js';
import type { IApiOptions } from './api.js';
import { createHttpTransport } from './http.js';
import type { IHttpOptions } from './http.js';
import { version } from './version.js';

/** The two clients: for what a person asked for, and for what runs by itself. */
export interface IClients {
  person: Client;
  background: Client;
  /** Asks what runs on the server. */
  readStatus: () => Promise<Status>;
}

/** Makes the clients over JupyterLab's own connection. */
export function createClients(options: IApiOptions & { baseUrl: string }): IClients {
  const { serverSettings, trans, baseUrl, onVersion } = options;
  const http: IHttpOptions = {
    apiUrl: `${baseUrl}api/v1`,
    request: (url, init) => ServerConnection.makeRequest(url, init, serverSettings),
    trans
  };
  const background = createClient(createHttpTransport({ ...http, background: true }));
  return {
    person: createClient(createHttpTransport(http)),
    background,
    readStatus: async () => {
      const status = await background.call(systemRoutes.status, {});
      if (version !== '' && status.version !== version) onVersion(status.version);
      return status;
    }
  };
}
