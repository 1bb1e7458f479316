import { LabIcon } from '@jupyterlab/ui-components';
import credentials from './icons/credentials.svg';
import history from './icons/history.svg';
import lakeside from './icons/lakeside.svg';
import library from './icons/library.svg';
import resume from './icons/resume.svg';
import schedule from './icons/schedule.svg';
import share from './icons/share.svg';
import tables from './icons/tables.svg';

/** Lakeside itself: settings, messages. */
export const lakesideIcon = new LabIcon({ name: 'lakeside:lakeside', svgstr: lakeside });

/** Sharing a notebook. */
export const shareIcon = new LabIcon({ name: 'lakeside:share', svgstr: share });

/** The Library of shared notebooks. */
export const libraryIcon = new LabIcon({ name: 'lakeside:library', svgstr: library });

/** What was kept of a notebook each time it was saved. */
export const historyIcon = new LabIcon({ name: 'lakeside:history', svgstr: history });

/** Notebooks that run by themselves. */
export const scheduleIcon = new LabIcon({ name: 'lakeside:schedule', svgstr: schedule });

/** Lets a paused schedule go on. */
export const resumeIcon = new LabIcon({ name: 'lakeside:resume', svgstr: resume });

/** Tables of databases and lakes. */
export const tablesIcon = new LabIcon({ name: 'lakeside:tables', svgstr: tables });

/** Sign-ins and the keys they bring. */
export const credentialsIcon = new LabIcon({ name: 'lakeside:credentials', svgstr: credentials });
