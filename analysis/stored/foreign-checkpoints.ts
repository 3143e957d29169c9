// Checkpoints in forms that are not read, and the line of Python that makes them into one that is.
import { extname } from 'node:path';

interface Form {
  readonly endings: readonly string[];
  readonly what: string;
  /** Python that converts the files that it is given. */
  readonly python: string;
}

const FORMS: readonly Form[] = [
  {
    endings: ['.pt', '.pth', '.bin', '.ckpt'],
    what: 'files of PyTorch, which are pickles and can run code',
    python:
      'import sys, torch; from safetensors.torch import save_file; ' +
      "load = lambda f: (lambda s: s.get('state_dict', s.get('model', s)))(torch.load(f, map_location='cpu', weights_only=True)); " +
      "[save_file({k: v.clone().contiguous() for k, v in load(f).items() if hasattr(v, 'dtype')}, f.rpartition('.')[0] + '.safetensors') for f in sys.argv[1:]]",
  },
  {
    endings: ['.h5', '.hdf5'],
    what: 'files of HDF5, such as Keras writes',
    python:
      'import sys, h5py, numpy; ' +
      "arrays = lambda f: (lambda d: (h5py.File(f).visititems(lambda k, v: d.update({k: v[()]}) if getattr(v, 'ndim', 0) > 1 else None), d)[1])({}); " +
      "[numpy.savez(f.rpartition('.')[0] + '.npz', **arrays(f)) for f in sys.argv[1:]]",
  },
  {
    endings: ['.keras'],
    what: 'models of Keras',
    python:
      'import sys, keras, numpy; ' +
      "[numpy.savez(f.rpartition('.')[0] + '.npz', **{w.path: w.numpy() for w in keras.models.load_model(f).weights}) for f in sys.argv[1:]]",
  },
];

const formOf = (name: string) => FORMS.find(({ endings }) => endings.includes(extname(name).toLowerCase()));

export const isForeign = (name: string) => formOf(name) !== undefined;

/** @param names of files that are foreign, at least one. @returns why they are not read and how to convert them */
export function howToConvert(names: readonly string[]): string {
  const [first] = names;
  const { what, python } = formOf(first) as Form;
  const more = names.length === 1 ? '' : ` and ${names.length - 1} more`;
  return `${first}${more}: ${what}, are not read; this line of Python writes what is read beside them:\n  python3 -c "${python}" ${quoted(names)}`;
}

const MOST = 3;
const quoted = (names: readonly string[]) =>
  [
    ...names.slice(0, MOST).map((name) => (/^[\w./=-]+$/.test(name) ? name : `'${name}'`)),
    ...(names.length > MOST ? ['...'] : []),
  ].join(' ');
