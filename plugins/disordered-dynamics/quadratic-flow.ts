// The exact path of d theta/dt = -H theta + f for a symmetric H, in its own basis: what simulated paths are held against.
import { elementary } from 'eigenflow';
import { EigenvalueDecomposition, Matrix } from 'eigenflow/theory';

const { exp, expm1 } = elementary;

export interface QuadraticFlow {
  readonly levels: readonly number[];
  /** Columns belong to the levels. */
  readonly basis: Matrix;
  /** @returns theta at a time, a column, for a start and a force that are columns */
  from(start: Matrix, force: Matrix): (time: number) => Matrix;
}

/** int_0^t exp(-level s) ds */
const integral = (level: number, time: number) => (level === 0 ? time : -expm1(-level * time) / level);

export function createQuadraticFlow(matrix: Matrix): QuadraticFlow {
  const { realEigenvalues: levels, eigenvectorMatrix: basis } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  return {
    levels,
    basis,
    from(start, force) {
      const [from, pushed] = [start, force].map((column) => basis.transpose().mmul(column).to1DArray());
      return (time) => {
        const modes = levels.map((l, i) => exp(-l * time) * from[i] + integral(l, time) * pushed[i]);
        return basis.mmul(Matrix.columnVector(modes));
      };
    },
  };
}
