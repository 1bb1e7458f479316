import { ServerConnection } from '@jupyterlab/services';
import { createClient } from '../../contract/client.js';
import type { Client } from '../../contract/client.js';
import { systemRoutes } from '../../contract/system.js';
import type { IApiOptions } from './api.js';
import { createHttpTransport } from './http.js';
import type { IHttpOptions } from './http.js';
import { version } from './version.js';

/** The two clients: for what a person asked for, and for what runs by itself. */
export interface IClients {
  person: Client;
  background: Client;
}

/** Makes the clients over JupyterLab's own connection, and compares the versions of page and server once. */
export function createClients(options: IApiOptions & { baseUrl: string }): IClients {
  const { serverSettings, trans, baseUrl, onVersion } = options;
  const http: IHttpOptions = {
    apiUrl: `${baseUrl}api/v1`,
    request: (url, init) => ServerConnection.makeRequest(url, init, serverSettings),
    trans
  };
  const clients = {
    person: createClient(createHttpTransport(http)),
    background: createClient(createHttpTransport({ ...http, background: true }))
  };
  // Whoever asked for the clients hears of a server that does not answer; here only the version matters.
  clients.background.call(systemRoutes.status, {}).then(
    status => {
      if (version !== '' && status.version !== version) onVersion(status.version);
    },
    () => undefined
  );
  return clients;
}
