// The Python interpreter of the validations against PyTorch.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { peerPython } from '../../bench/peers.js';

/** @returns the interpreter. @throws Error when PyTorch is not there */
export function torchPython(): string {
  const python = process.env.EIGENFLOW_TORCH_PYTHON ?? peerPython();
  try {
    if (!existsSync(python)) throw new Error('no such file');
    execFileSync(python, ['-c', 'import torch, numpy'], { stdio: 'pipe' });
  } catch {
    throw new Error(
      `${python} has no PyTorch: run "npm run bench -- --peers" once, which installs it, or set ` +
        'EIGENFLOW_TORCH_PYTHON to a Python that has torch and numpy',
    );
  }
  return python;
}
