// The files of the study that is open, for workers that compare: arrays that a scenario names are among them.
import { signal } from '@preact/signals';
import type { StudyFile } from '../../worker/study-file.js';
import { onStudy } from '../state.js';

export const studyFiles = signal<readonly StudyFile[]>([]);

onStudy.push((files) => {
  studyFiles.value = files;
});
