// What went wrong, in a sentence, until it is dismissed. It lies over the page: nothing is shifted by it.
import { problem } from '../state.js';

export function ProblemLine() {
  return (
    <div class="problem-place" role="alert">
      {problem.value && (
        <div class="problem">
          <p>{problem.value}</p>
          <button
            type="button"
            class="small-button"
            onClick={() => {
              problem.value = undefined;
            }}
          >
            dismiss
          </button>
        </div>
      )}
    </div>
  );
}
