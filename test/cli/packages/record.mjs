// With `node --import` of this file a process writes down which packages it loads (see hooks.mjs).
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
