"""Makes the files of this folder with numpy 1.26. Run by hand: python make_npy.py

The elements of every array, in C order, are 0, 1, 2 ... each times 0.375 less 2.
"""

import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def values(shape, dtype='<f4'):
    return (np.arange(np.prod(shape, dtype=int)) * 0.375 - 2).reshape(shape).astype(dtype)


def save(name, array, version=None):
    with open(os.path.join(HERE, name + '.npy'), 'wb') as f:
        np.lib.format.write_array(f, array, version=version)


for name, shape in {'matrix': (7, 5), 'vector': (6,), 'scalar': (), 'cube': (4, 3, 2), 'images': (3, 2, 3, 2),
                    'no_rows': (0, 3), 'no_columns': (3, 0), 'one': (1, 1)}.items():
    for dtype in '<f4', '>f4', '<f8', '>f8':
        kind = {'<': 'le', '>': 'be'}[dtype[0]] + dtype[1:]
        save(f'{name}_c_{kind}', values(shape, dtype))
        save(f'{name}_f_{kind}', np.asfortranarray(values(shape, dtype)))
save('version_2', values((7, 5)), (2, 0))
save('version_3', values((7, 5)), (3, 0))

for dtype in 'i1 i2 i4 i8 u1 u2 u4 u8 f2 c8 c16 ? U3 S4 M8[D]'.split():
    name = dtype.replace('?', 'bool').replace('[', '').replace(']', '')
    save('bad_' + name, np.zeros((2, 3), dtype))
save('bad_longdouble', np.zeros((2, 3), np.longdouble))
save('bad_struct', np.zeros(2, [('a', '<f4'), ('b', '<i2')]))
save('bad_object', np.array([1, 'a'], object))

arrays = {'fc1': values((7, 5)), 'fc1_relu': values((4, 3, 2), '<f8'), 'fortran': np.asfortranarray(values((7, 5)))}
np.savez(os.path.join(HERE, 'stored.npz'), **arrays)
np.savez_compressed(os.path.join(HERE, 'deflated.npz'), **arrays)

np.savetxt(os.path.join(HERE, 'savetxt.dat'), values((7, 5)))
with open(os.path.join(HERE, 'hls4ml.dat'), 'w') as f:  # as hls4ml's writer prints the rows of a .npy
    for row in values((7, 5)):
        f.write(' '.join(str(v) for v in row) + '\n')
