import { describe, expect, test } from 'vitest';
import { recognise } from '../../../src/credentials/failed/recognise.js';
import type { ICellError } from '../../../src/credentials/failed/recognise.js';
import { NOW, profileOf, sessionOf } from './support.js';

const error = (name: string, value: string, traceback: string[] = []): ICellError => ({ name, value, traceback });
const signedIn = profileOf('dev', { label: 'Development', ...sessionOf(60) });
const ended = profileOf('dev', { label: 'Development', ...sessionOf(-1) });
const prod = profileOf('prod', { label: 'Production' });
const with_ = (...profiles: (typeof prod)[]) => ({ profiles, active: 'dev', now: NOW });

const BOTO_401 =
  'Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 response 401 from container metadata: {"Code":"SignInRequired","Message":"The session of Development ended at 09:41 UTC. Open Credentials in JupyterLab and sign in again, then run the cell again."}';

describe('a cell failed on keys that ended', () => {
  test.each([
    ['CredentialRetrievalError', BOTO_401],
    ['RuntimeError', 'Credentials were refreshed, but the refreshed credentials are still expired.'],
    ['ClientError', 'An error occurred (ExpiredToken) when calling the ListBuckets operation: expired'],
    ['ClientError', 'An error occurred (ExpiredTokenException) when calling the Query operation: no'],
    ['OSError', "When listing objects under key '' in bucket 'b': AWS Error EXPIRED_TOKEN during ListObjectsV2"],
    ['ClientError', 'The security token included in the request is expired'],
    ['HTTPError', 'Nobody is signed in to Development. Open Credentials in JupyterLab, or run: lakeside'],
    ['CredentialRetrievalError', 'No profile is chosen. Open Credentials in JupyterLab and sign in']
  ])('where it says so: %s: %s', (name, value) => {
    expect(recognise(error(name, value), with_(signedIn))?.profile?.id).toBe('dev');
  });

  test('where it says so in the traceback alone, in colours', () => {
    const line = 'botocore.exceptions.\u001b[0;31mClientError\u001b[0m: (\u001b[1mExpired\u001b[0mToken)';
    expect(recognise(error('MyError', 'could not read', ['first', line]), with_(signedIn))).toBeDefined();
  });

  test.each([
    ['ClientError', 'An error occurred (AccessDenied) when calling the GetObject operation: Access Denied'],
    ['ClientError', 'An error occurred (403) when calling the HeadObject operation: Forbidden'],
    ['HTTPError', 'HTTP Error 401: Unauthorized'],
    ['OSError', 'AWS Error ACCESS_DENIED during ListObjectsV2 operation'],
    ['NoCredentialsError', 'Unable to locate credentials']
  ])('only while there are no keys: %s: %s', (name, value) => {
    expect(recognise(error(name, value), with_(signedIn))).toBeUndefined();
    expect(recognise(error(name, value), with_(ended))?.profile?.id).toBe('dev');
    expect(recognise(error(name, value), with_(profileOf('dev')))?.profile?.id).toBe('dev');
  });

  test('not for another reason', () => {
    for (const other of [
      error('KeyError', "'dep_delay'"),
      error('ValueError', 'could not convert 403 rows'),
      error('HTTPError', 'HTTP Error 404: Not Found'),
      error('NameError', "name 'session' is not defined"),
      error('ClientError', 'An error occurred (NoSuchBucket) when calling the ListObjects operation')
    ]) {
      expect(recognise(other, with_(ended)), other.value).toBeUndefined();
    }
  });

  test('never without a profile', () => {
    expect(recognise(error('CredentialRetrievalError', BOTO_401), { profiles: [], now: NOW })).toBeUndefined();
  });

  test('and says of which profile: the one that is named, or the one in use, or none', () => {
    const sentence = 'Nobody is signed in to Production. Open Credentials in JupyterLab';
    expect(recognise(error('E', sentence), with_(signedIn, prod))?.profile?.id).toBe('prod');
    expect(recognise(error('E', 'ExpiredToken'), with_(signedIn, prod))?.profile?.id).toBe('dev');
    const none = { profiles: [signedIn, prod], now: NOW };
    expect(recognise(error('E', 'No profile is chosen. Open Credentials'), none)).toEqual({ profile: undefined });
  });

  test('in no time, however long the text is', () => {
    const long = 'Nobody is signed in to '.repeat(200_000);
    const begun = performance.now();
    expect(recognise(error('E', long, [long, long]), with_(signedIn))).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
