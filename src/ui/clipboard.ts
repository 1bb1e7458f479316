import { Clipboard } from '@jupyterlab/apputils';

/**
 * Puts a text on the clipboard.
 *
 * @returns false where the browser did not allow it: the tab is not in front, or the person has not pressed anything
 */
export async function copyText(text: string): Promise<boolean> {
  // Plain http on other machines than this one has no clipboard of its own.
  if (!window.isSecureContext) {
    Clipboard.copyToSystem(text);
    return document.hasFocus();
  }
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
