// Plugin: a student network that learns the outputs of a teacher of the same architecture (arXiv:2509.01349).
import { definePlugin } from 'eigenflow';
import { teacherStudent } from './teacher-student.js';

export default definePlugin({ name: 'teacher-student', version: '2.0.0', components: [teacherStudent] });
