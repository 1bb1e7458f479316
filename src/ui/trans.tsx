import { nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';

const Trans = createContext<TranslationBundle>(nullTranslator.load('lakeside'));

/** Gives the parts below it the person's language. */
export function TransProvider(props: { trans: TranslationBundle; children: ReactNode }): ReactNode {
  return <Trans.Provider value={props.trans}>{props.children}</Trans.Provider>;
}

/** The person's language. */
export function useTrans(): TranslationBundle {
  return useContext(Trans);
}
