import { LabIcon } from '@jupyterlab/ui-components';
import lakeside from './icons/lakeside.svg';
import library from './icons/library.svg';
import share from './icons/share.svg';

/** Lakeside itself: settings, messages. */
export const lakesideIcon = new LabIcon({ name: 'lakeside:lakeside', svgstr: lakeside });

/** Sharing a notebook. */
export const shareIcon = new LabIcon({ name: 'lakeside:share', svgstr: share });

/** The Library of shared notebooks. */
export const libraryIcon = new LabIcon({ name: 'lakeside:library', svgstr: library });
