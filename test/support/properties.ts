import fc from 'fast-check';
import { startValue } from './dose.js';

// Properties that name no start value of their own.
fc.configureGlobal({ seed: startValue('properties') });
