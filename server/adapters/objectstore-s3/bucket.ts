import * as http from 'node:http';
import * as https from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { PluginSurroundings } from '../../plugins/plugin.js';
import { keyProvider } from '../common/s3/keys.js';
import { bucketProblem } from './problems.js';
import type { Place } from './problems.js';
import { createRetryStrategy } from './retry.js';
import type { S3Settings } from './settings.js';

/** Milliseconds until a connection must stand, and between two signs of life of a request. */
const CONNECT = 5_000;
const SILENCE = 30_000;

/** Connections at once. */
const SOCKETS = 64;

/** A bucket, and the part of it that is ours. */
export interface Bucket {
  client: S3Client;
  name: string;
  /** Before every key: empty, or ending in `/`. */
  root: string;
  place: Place;
  surroundings: PluginSurroundings;
  /** Runs requests; what the server refuses becomes a problem with its cure. `what` names the right that is needed. */
  attempt<T>(what: string, work: () => Promise<T>): Promise<T>;
}

/** Makes the client of a bucket. Asks the server nothing. */
export function openBucket(settings: S3Settings, surroundings: PluginSurroundings): Bucket {
  const { bucket, endpoint, prefix = '' } = settings;
  const place: Place = {
    bucket,
    server: endpoint ?? 'Amazon S3',
    region: settings.region,
    settings: surroundings.settings
  };
  return {
    client: new S3Client(clientConfig(settings, surroundings)),
    name: bucket,
    root: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    place,
    surroundings,
    async attempt(what, work) {
      try {
        return await work();
      } catch (error) {
        throw bucketProblem(error, place, what);
      }
    }
  };
}

function clientConfig(settings: S3Settings, surroundings: PluginSurroundings): S3ClientConfig {
  const { endpoint, region, pathStyle = endpoint !== undefined } = settings;
  const credentials = keyProvider(settings.credentials, surroundings);
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...((region ?? endpoint) !== undefined && { region: region ?? 'us-east-1' }),
    ...(credentials && { credentials }),
    forcePathStyle: pathStyle,
    // Many servers refuse the SDK's newer checksums; Content-MD5 and the signed hash of the body say the same to all.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryStrategy: createRetryStrategy(surroundings),
    requestHandler: {
      connectionTimeout: CONNECT,
      socketAcquisitionWarningTimeout: 60_000,
      httpAgent: endingSilence(new http.Agent(connections)),
      httpsAgent: endingSilence(new https.Agent(connections))
    }
  };
}

const connections = { keepAlive: true, maxSockets: SOCKETS, timeout: SILENCE };

/** Breaks connections on which nothing moves, also in the middle of an answer; the SDK's own time-outs end before it. */
function endingSilence<A extends http.Agent>(agent: A): A {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = create(options, callback);
    socket?.once('timeout', () => {
      socket.destroy(Object.assign(new Error('Nothing came for 30 seconds.'), { code: 'ETIMEDOUT' }));
    });
    return socket;
  };
  return agent;
}
