import '../../../style/tables/add.css';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import type { Client } from '../../../contract/client.js';
import { AddForm } from './addForm.js';
import type { IAddFormProps } from './addForm.js';
import { AddModel } from './addModel.js';
import { kindsOf } from './kinds.js';

/** A form that adds a source, with what was typed into it so far. */
export interface IAddition {
  render: (props: Omit<IAddFormProps, 'model'>) => ReactNode;
  dispose: () => void;
}

/** Makes the form. `taken`: names of sources that are there. */
export function createAddition(options: {
  client: Client;
  taken: () => readonly string[];
  trans: TranslationBundle;
}): IAddition {
  const model = new AddModel({ ...options, kinds: kindsOf(options.trans) });
  return {
    render: props => <AddForm model={model} {...props} />,
    dispose: () => model.dispose()
  };
}
