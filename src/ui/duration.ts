import type { TranslationBundle } from '@jupyterlab/translation';

/** A length of time in few words: "0 s", "42 s", "4 m 12 s", "2 h 5 m". */
export function duration(milliseconds: number, trans: TranslationBundle): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return trans.__('%1 s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return trans.__('%1 m %2 s', minutes, seconds % 60);
  return trans.__('%1 h %2 m', Math.floor(minutes / 60), minutes % 60);
}
