import { describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.js';
import { unknownVariables } from '../../server/environment.js';

describe('configuration', () => {
  test('defaults follow XDG', () => {
    expect(readConfig('cli', { HOME: '/h' }).home).toBe('/h/.local/share/lakeside');
    expect(readConfig('cli', { HOME: '/h', XDG_DATA_HOME: '/data' }).home).toBe('/data/lakeside');
    expect(readConfig('cli', { HOME: '/h', XDG_DATA_HOME: 'relative' }).home).toBe('/h/.local/share/lakeside');
    expect(readConfig('cli', { HOME: '/h', LAKESIDE_HOME: '/x/y/../z' }).home).toBe('/x/z');
  });

  test('configuration files lie where XDG says, below that of the organisation', () => {
    const files = (env: Record<string, string>) =>
      readConfig('cli', { HOME: '/h', ...env }).configurationFiles.map(({ file, isPolicy }) => [file, isPolicy]);
    const policy = ['/etc/lakeside/config.yml', true];
    expect(files({})).toEqual([policy, ['/h/.config/lakeside/config.yml', false]]);
    expect(files({ XDG_CONFIG_HOME: '/c' })).toEqual([policy, ['/c/lakeside/config.yml', false]]);
    expect(files({ XDG_CONFIG_HOME: 'c' })).toEqual([policy, ['/h/.config/lakeside/config.yml', false]]);
  });

  test('sizes are in MB', () => {
    expect(readConfig('sidecar', { HOME: '/h', LAKESIDE_MAX_NOTEBOOK_MB: '3' }).maxNotebookBytes).toBe(3 * 1024 * 1024);
  });

  test.each([
    [{ LAKESIDE_MAX_NOTEBOOK_MB: 'many' }, /LAKESIDE_MAX_NOTEBOOK_MB must be a number/],
    [{ LAKESIDE_MAX_NOTEBOOK_MB: '0' }, /LAKESIDE_MAX_NOTEBOOK_MB must be at least 1/],
    [{ LAKESIDE_LOG_LEVEL: 'loud' }, /LAKESIDE_LOG_LEVEL must be debug, info/],
    [{ LAKESIDE_HOME: '' }, /LAKESIDE_HOME must not be empty/],
    [{ LAKESIDE_HOEM: '/x' }, /no variable LAKESIDE_HOEM. Did you mean LAKESIDE_HOME\?/]
  ])('%j is refused with the cure', (env, sentence) => {
    expect(() => readConfig('sidecar', { HOME: '/h', ...env })).toThrow(sentence);
  });

  test('what Kubernetes injects for services is ignored', () => {
    const injected = [
      'LAKESIDE_SERVICE_HOST',
      'LAKESIDE_SERVICE_PORT',
      'LAKESIDE_SERVICE_PORT_HTTP',
      'LAKESIDE_PORT',
      'LAKESIDE_PORT_80_TCP',
      'LAKESIDE_PORT_80_TCP_ADDR',
      'LAKESIDE_BROKER_SERVICE_HOST',
      'LAKESIDE_BROKER_PORT_443_TCP_PROTO'
    ];
    expect(unknownVariables(Object.fromEntries(injected.map(name => [name, 'x'])))).toEqual([]);
  });

  test('a name like no other gets no suggestion', () => {
    expect(unknownVariables({ LAKESIDE_ZZZZZZZZZZZZZZZZZZ: '1' })).toEqual([
      'There is no variable LAKESIDE_ZZZZZZZZZZZZZZZZZZ. Unset it, or see docs/operators/configuration.md.'
    ]);
  });
});
