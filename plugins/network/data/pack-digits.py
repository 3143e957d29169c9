"""Writes digits-packed.ts: the digits of UCI as scikit-learn ships them, packed for ../data/digits.ts to unpack.

    python pack-digits.py      # needs scikit-learn

A carryless range coder (D. Subbotin 1999) over 17 grey levels, with counts that adapt at each of the 64 pixels, then over
the 10 labels. Integers below 2^32 only, so that any language unpacks the same.
"""
import base64
import os

from sklearn.datasets import load_digits

MASK, TOP, BOTTOM, STEP, MOST = 2**32 - 1, 2**24, 2**16, 24, 2**13


class Encoder:
    def __init__(self):
        self.low, self.range, self.out = 0, MASK, bytearray()

    def encode(self, counts, symbol):
        self.range //= sum(counts)
        self.low = (self.low + sum(counts[:symbol]) * self.range) & MASK
        self.range *= counts[symbol]
        while True:
            if (self.low ^ ((self.low + self.range) & MASK)) >= TOP:
                if self.range >= BOTTOM:
                    break
                self.range = -self.low & (BOTTOM - 1)
            self.out.append(self.low >> 24)
            self.low, self.range = (self.low << 8) & MASK, (self.range << 8) & MASK

    def finish(self):
        for _ in range(4):
            self.out.append(self.low >> 24)
            self.low = (self.low << 8) & MASK
        return bytes(self.out)


def adapt(counts, symbol):
    counts[symbol] += STEP
    if sum(counts) > MOST:
        counts[:] = [(count + 1) // 2 for count in counts]


digits = load_digits()
encoder = Encoder()
pixels = [[1] * 17 for _ in range(64)]
labels = [1] * 10
for image, label in zip(digits.data.astype(int), digits.target):
    for counts, level in zip(pixels, image):
        encoder.encode(counts, int(level))
        adapt(counts, int(level))
    encoder.encode(labels, int(label))
    adapt(labels, int(label))
packed = base64.b64encode(encoder.finish()).decode()
# In lines, as no tool likes one of 50 kB.
lines = [packed[i:i + 112] for i in range(0, len(packed), 112)]
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, 'digits-packed.ts'), 'w') as file:
    file.write('// Written by pack-digits.py. Licence and citation: digits.ts.\n')
    file.write('const PARTS = [\n' + ''.join(f"  '{line}',\n" for line in lines) + '];\n\n')
    file.write('/** Asked for when digits are: a host may keep them elsewhere until then. */\n')
    file.write("export const packed = (): string => PARTS.join('');\n")
