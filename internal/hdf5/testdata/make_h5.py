"""Makes the files of this folder, and beside each NAME.h5(.gz) the file NAME.json of what h5py reads in it.

    python make_h5.py [CASES]

Run by hand, with tensorflow 2.14, qkeras and h5py 3.16 (HDF5 2.0). CASES is a folder of hls4ml oracle cases,
from which a few models are taken over (their model.h5, or the weights inside their model.keras); without it
those files stay as they are.

A dump says for each hard-linked object its attributes, and for each dataset type, shape and hash. The hash is
the SHA-256 of the values in C order in a canonical form: floats of up to 32 bits as little-endian float32,
float64 as itself, integers, enumerations and bool as int64 (uint64 as itself), strings as a little-endian
32-bit length and the bytes.
"""

import ctypes
import glob
import gzip
import hashlib
import io
import json
import os
import struct
import sys
import tempfile
import zipfile

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import h5py  # noqa: E402
import numpy as np  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
GZIP_ABOVE = 20_000
rng = np.random.default_rng(14)


# --- the dump -----------------------------------------------------------------------------------------------


def type_name(tid):
    dt = tid.dtype
    if isinstance(tid, h5py.h5t.TypeStringID):
        return 'variable-length string' if tid.is_variable_str() else f'string of {tid.get_size()} bytes'
    number = tid.get_super() if isinstance(tid, h5py.h5t.TypeEnumID) else tid
    big = ' big-endian' if number.get_order() == h5py.h5t.ORDER_BE and dt.itemsize > 1 else ''
    if isinstance(tid, h5py.h5t.TypeEnumID):
        return 'bool' if dt == bool else f'enum of {dt.newbyteorder("=").name}{big}'
    return dt.newbyteorder('=').name + big


def canonical(tid, value):
    if isinstance(value, h5py.Empty):
        return b''
    a = np.asarray(value)
    if isinstance(tid, h5py.h5t.TypeStringID):
        items = [v.encode('utf-8', 'surrogateescape') if isinstance(v, str) else bytes(v) for v in a.ravel().tolist()]
        return b''.join(struct.pack('<I', len(v)) + v for v in items)
    a = np.ascontiguousarray(a)
    if a.dtype.kind == 'f':
        return a.astype('<f8' if a.dtype.itemsize == 8 else '<f4').tobytes()
    if a.dtype.kind == 'u' and a.dtype.itemsize == 8:
        return a.astype('<u8').tobytes()
    return a.astype('<i8').tobytes()


def entry(tid, shape, value):
    e = {'type': type_name(tid), 'shape': None if shape is None else list(shape)}
    e['sha256'] = hashlib.sha256(canonical(tid, value)).hexdigest()
    return e


def raw_attr(attrs, name):
    aid = attrs.get_id(name)
    value = attrs[name]
    if isinstance(value, np.ndarray) and value.dtype.kind == 'O':
        value = np.array([v if isinstance(v, bytes) else v.encode('utf-8', 'surrogateescape') for v in value.ravel()], object)
    return entry(aid.get_type(), value.shape if isinstance(value, h5py.Empty) else aid.shape, value)


def dump(f):
    out = {}

    def visit(name, obj):
        e = {'attrs': {a: raw_attr(obj.attrs, a) for a in obj.attrs}}
        if isinstance(obj, h5py.Group):
            e['names'] = list(obj)
        else:
            value = h5py.Empty(obj.dtype) if obj.shape is None else obj[()]
            e.update(entry(obj.id.get_type(), obj.shape, value))
        out['/' + name] = e

    visit('', f['/'])
    f.visititems(visit)
    return out


def finish(name, data):
    """Writes the bytes of a file, compressed when large, and its dump."""
    for old in glob.glob(os.path.join(HERE, name + '.h5*')):
        os.remove(old)
    with h5py.File(io.BytesIO(data), 'r') as f:
        objects = dump(f)
    path = os.path.join(HERE, name + '.h5')
    if len(data) > GZIP_ABOVE:
        data, path = gzip.compress(data, 9, mtime=0), path + '.gz'
    with open(path, 'wb') as out:
        out.write(data)
    with open(os.path.join(HERE, name + '.json'), 'w') as out:
        lines = ',\n'.join(f' {json.dumps(k)}: {json.dumps(v)}' for k, v in objects.items())
        out.write('{\n' + lines + '\n}\n')
    print(f'{name}: {len(objects)} objects, {len(data)} bytes')


SCRATCH = os.path.join(tempfile.mkdtemp(), 'scratch.h5')


def h5(name, fill, **options):
    with h5py.File(SCRATCH, 'w', **options) as f:
        fill(f)
    with open(SCRATCH, 'rb') as f:
        finish(name, f.read())
    os.remove(SCRATCH)


# --- Keras --------------------------------------------------------------------------------------------------


def keras_files():
    import tensorflow as tf
    from tensorflow.keras import layers, models

    tf.keras.utils.set_random_seed(3)

    def keep(name, save):
        save(SCRATCH)
        with open(SCRATCH, 'rb') as f:
            finish(name, f.read())
        os.remove(SCRATCH)

    mlp = models.Sequential([layers.Input((6,)), layers.Dense(8, activation='relu', name='fc1'),
                             layers.BatchNormalization(name='bn'), layers.Dense(3, activation='softmax', name='out')])
    mlp.compile('adam', 'categorical_crossentropy')
    mlp.fit(rng.normal(size=(32, 6)), np.eye(3)[rng.integers(0, 3, 32)], verbose=0)
    keep('keras_full', lambda p: mlp.save(p, save_format='h5'))
    keep('keras_weights', lambda p: mlp.save_weights(p, save_format='h5'))
    keep('keras_weights_v3', lambda p: keras_v3_weights(mlp, p))

    inner = models.Sequential([layers.Input((5, 4)), layers.LSTM(3, return_sequences=True, name='lstm'),
                               layers.GRU(2, name='gru')], name='inner')
    x = layers.Input((5, 4))
    y = layers.Dense(2, name='head')(inner(x))
    nested = models.Model(x, y)
    keep('keras_nested', lambda p: nested.save(p, save_format='h5'))

    conv = models.Sequential([layers.Input((8, 8, 2)), layers.Conv2D(3, 3, name='c'), layers.MaxPooling2D(),
                              layers.DepthwiseConv2D(2), layers.Flatten(), layers.Dense(2)])
    keep('keras_conv', lambda p: conv.save(p, save_format='h5'))

    deep = models.Sequential([layers.Input((3,))] + [layers.Dense(3, name=f'd{i}') for i in range(150)])
    keep('keras_deep', lambda p: deep.save(p, save_format='h5'))

    from qkeras import QActivation, QDense

    q = models.Sequential([layers.Input((4,)), QDense(5, kernel_quantizer='quantized_bits(4,0,1,alpha=1)',
                           bias_quantizer='quantized_bits(4,0,1)', name='q1'), QActivation('quantized_relu(4)', name='a1'),
                           QDense(2, kernel_quantizer='ternary(alpha=1)', name='q2')])
    keep('qkeras', lambda p: q.save(p, save_format='h5'))


def keras_v3_weights(model, path):
    """The groups that Keras 3 writes into a .keras archive: layers/NAME/vars/0, 1 ..."""
    with h5py.File(path, 'w') as f:
        for i, layer in enumerate(model.layers):
            g = f.create_group(f'layers/{layer.name}')
            g.create_group('vars')
            for k, w in enumerate(layer.get_weights()):
                g['vars'].create_dataset(str(k), data=w)
        f.create_group('optimizer/vars').create_dataset('0', data=np.int64(7))
        f.create_group('vars')


CASES = ['keras2_act_prelu_vitis_stream', 'backend_quartus_lstm_parallel', 'keras2_conv2d_pf4_vitis_parallel',
         'keras2_merge_add_vitis_parallel', 'keras3_lstm_dense_vitis_parallel', 'hgq2_bn_vitis_parallel']


def oracle_files(folder):
    for case in CASES:
        path = os.path.join(folder, case, 'model.h5')
        if os.path.exists(path):
            with open(path, 'rb') as f:
                finish('case_' + case, f.read())
            continue
        with zipfile.ZipFile(os.path.join(folder, case, 'model.keras')) as z:
            finish('case_' + case, z.read('model.weights.h5'))


# --- every feature of the format ----------------------------------------------------------------------------


def basic(f):
    """Types, shapes and attributes; made once per library version."""
    a = rng.normal(size=(3, 4))
    f['f2'] = np.array([0, -0.0, 1, -2.5, 65504, 6e-8, 6.1e-5, np.inf, -np.inf], 'f2')
    f['f4'], f['f8'] = a.astype('f4'), a
    f['be/f2'], f['be/f4'], f['be/f8'] = a.astype('>f2'), a.astype('>f4'), a.astype('>f8')
    f['be/i2'], f['be/u8'] = np.array([-5, 1000], '>i2'), np.array([2**63 + 1, 2], '>u8')
    for t in 'i1 i2 i4 i8 u1 u2 u4 u8'.split():
        info = np.iinfo(t)
        f['ints/' + t] = np.array([info.min, 0, 7, info.max], t)
    f['bool'] = np.array([[True, False], [False, True]])
    colours = h5py.enum_dtype({'RED': 0, 'GREEN': -1, 'BLUE': 300}, 'i2')
    f.create_dataset('enum', data=np.array([300, -1, 0], 'i2'), dtype=colours)
    f.create_dataset('be/enum', data=np.array([7, 1], '>i4'), dtype=h5py.enum_dtype({'A': 7, 'B': 1}, '>i4'))
    f['scalar/f4'], f['scalar/i8'] = np.float32(1.5), np.int64(-(2**60))
    f['scalar/str'] = 'naïve ' * 3
    f['empty'] = np.zeros((0, 4), 'f4')
    f['null'] = h5py.Empty('f4')
    f['fixed'] = np.array([b'alpha', b'', b'be', b'12345'], 'S5')
    f.create_dataset('vlen', data=['', 'a', 'longer text ' * 9, 'ü', 'a'], dtype=h5py.string_dtype())
    f.create_dataset('vlen2d', data=np.array([[b'x', b'y' * 5000], [b'', b'z']], object), dtype=h5py.string_dtype('ascii'))
    spaces = h5py.h5t.C_S1.copy()
    spaces.set_size(6)
    spaces.set_strpad(h5py.h5t.STR_SPACEPAD)
    h5py.h5d.create(f.id, b'spacepad', spaces, h5py.h5s.create_simple((2,))).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.array([b'ab    ', b' c d e'], 'S6'), spaces)
    nul = h5py.h5t.C_S1.copy()
    nul.set_size(6)
    nul.set_strpad(h5py.h5t.STR_NULLTERM)
    h5py.h5d.create(f.id, b'nullterm', nul, h5py.h5s.create_simple((2,))).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.array([b'ab\0cd\0', b'abcde\0'], 'S6'), nul)
    f['deep/er/est/x'] = np.arange(24, dtype='i4').reshape(2, 3, 4)
    at = f['f4'].attrs
    at['text'], at['bytes'], at['list'] = 'a string', np.bytes_(b'raw'), ['one', 'two', 'drei']
    at['fixed'] = np.array([b'a', b'bcd'], 'S3')
    at['i'], at['f'], at['f2'], at['bool'] = np.int32(-3), np.float64(2.5), np.float16(0.1), True
    at['array'], at['be'] = a, np.arange(3, dtype='>i2')
    at['empty'], at['null'], at['u8'] = np.zeros(0, 'f4'), h5py.Empty('S3'), np.uint64(2**64 - 1)
    f.attrs['root'] = 'of all'
    f.attrs['long'] = 'x' * 5000


def storage(f):
    """Compact and chunked storage, filters, fill values."""
    a = np.round(rng.normal(size=(37, 19)), 1).astype('f4')
    f.create_dataset('plain', data=a, chunks=(8, 8))
    for name, kw in {'gzip': dict(compression='gzip', compression_opts=9), 'lzf': dict(compression='lzf'),
                     'gzip_shuffle': dict(compression='gzip', shuffle=True),
                     'lzf_shuffle': dict(compression='lzf', shuffle=True),
                     'fletcher': dict(fletcher32=True), 'shuffle': dict(shuffle=True),
                     'all': dict(compression='gzip', shuffle=True, fletcher32=True)}.items():
        f.create_dataset(name, data=a, chunks=(8, 8), **kw)
    f.create_dataset('odd', data=np.arange(35, dtype='u1').reshape(5, 7), chunks=(3, 5), fletcher32=True)
    f.create_dataset('noise', data=rng.integers(0, 255, 300, dtype='u1'), chunks=(100,), compression='lzf')
    f.create_dataset('runs', data=np.zeros(5000, 'i8'), chunks=(2500,), compression='lzf')
    f.create_dataset('text', data=np.array([b'same words again and again'] * 50, 'S30'), chunks=(20,), compression='lzf')
    f.create_dataset('vlen', data=['v%d' % i for i in range(30)], chunks=(7,), dtype=h5py.string_dtype(), compression='gzip')
    sparse = f.create_dataset('sparse', (40, 40), 'f8', chunks=(10, 10), fillvalue=-1.25)
    sparse[12:18, 25:33] = 7
    f.create_dataset('nothing', (5, 5), 'i4', chunks=(2, 2), fillvalue=42)
    f.create_dataset('unwritten', (4, 3), '>i4', fillvalue=-9)
    f.create_dataset('zeros', (4, 3), 'f4')
    f.create_dataset('big_chunk', data=np.arange(5, dtype='i2'), chunks=(64,), maxshape=(None,))
    f.create_dataset('many', data=np.arange(700, dtype='i4'), chunks=(2,))
    d = f.create_dataset('many3d', data=np.arange(9 * 8 * 7, dtype='i4').reshape(9, 8, 7), chunks=(2, 3, 2))
    d = f.create_dataset('resized', data=np.arange(100, dtype='i4').reshape(10, 10), chunks=(3, 3), maxshape=(None, None))
    d.resize((5, 14))
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    h5py.h5d.create(f.id, b'compact', h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((4,)), compact).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.arange(4, dtype='f4'))


def set_property(function, plist, value):
    """Calls a function of the HDF5 library that h5py does not offer."""
    lib = ctypes.CDLL(glob.glob(os.path.join(os.path.dirname(h5py.__file__), '..', 'h5py.libs', 'libhdf5-*'))[0])
    call = lib[function]
    call.argtypes = [ctypes.c_int64, ctypes.c_uint]
    assert call(plist.id, value) >= 0


def early(f, name, data, chunks, edges_plain=False, **filters):
    """A dataset whose chunks are all allocated at once: the implicit index, where there is no filter."""
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    p.set_chunk(chunks)
    p.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    if 'gzip' in filters:
        p.set_deflate(filters['gzip'])
    if edges_plain:
        set_property('H5Pset_chunk_opts', p, 2)
    space = h5py.h5s.create_simple(data.shape, filters.get('maxshape', data.shape))
    t = h5py.h5t.py_create(data.dtype)
    h5py.h5d.create(f.id, name.encode(), t, space, p).write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def indexes(f):
    """Each chunk index of layout version 4 and 5."""
    a = np.arange(30 * 20, dtype='i2').reshape(30, 20)
    z = dict(compression='gzip')
    f.create_dataset('single', data=a, chunks=a.shape)
    f.create_dataset('single_gzip', data=a, chunks=a.shape, **z)
    early(f, 'implicit', a, (7, 6))
    early(f, 'implicit_grows', a, (7, 6), maxshape=(50, 33))
    early(f, 'edges_plain', a, (7, 6), edges_plain=True, gzip=4)
    f.create_dataset('fixed', data=a, chunks=(7, 6))
    f.create_dataset('fixed_gzip', data=a, chunks=(7, 6), **z)
    f.create_dataset('fixed_grows', data=a, chunks=(7, 6), maxshape=(50, 33), **z)
    d = f.create_dataset('fixed_paged', (60, 60), 'i1', chunks=(1, 1), fillvalue=9)
    d[3, 4], d[50:52, 7] = 1, 2
    d = f.create_dataset('fixed_paged_gzip', (3000,), 'i1', chunks=(1,), fillvalue=9, **z)
    d[2999], d[5] = 1, 2
    f.create_dataset('ext', data=a, chunks=(7, 6), maxshape=(None, 20))
    f.create_dataset('ext_gzip', data=a, chunks=(7, 6), maxshape=(None, 20), **z)
    f.create_dataset('ext_second', data=a, chunks=(7, 6), maxshape=(44, None))
    b = np.arange(3 * 11 * 4, dtype='i4').reshape(3, 11, 4)
    f.create_dataset('ext_middle', data=b, chunks=(2, 2, 3), maxshape=(3, None, 9), **z)
    f.create_dataset('ext_many', data=np.arange(900, dtype='i2'), chunks=(3,), maxshape=(None,))
    d = f.create_dataset('ext_paged', (150_000,), 'i1', chunks=(1,), maxshape=(None,), fillvalue=3)
    d[140_000], d[149_999], d[0] = 1, 2, 4
    d = f.create_dataset('ext_paged_gzip', (150_000,), 'i1', chunks=(1,), maxshape=(None,), fillvalue=3, **z)
    d[140_000], d[20] = 1, 2
    f.create_dataset('tree', data=a, chunks=(7, 6), maxshape=(None, None))
    f.create_dataset('tree_gzip', data=a, chunks=(2, 1), maxshape=(None, None), **z)
    f.create_dataset('tree_deep', data=np.arange(70 * 70, dtype='i2').reshape(70, 70), chunks=(1, 2), maxshape=(None, None))


def links(f):
    f['g/x'] = np.arange(5, dtype='f4')
    f['g/x'].attrs['unit'] = 'mm'
    f['alias'] = f['g/x']
    f['soft'] = h5py.SoftLink('/g/x')
    f['g/relative'] = h5py.SoftLink('x')
    f['g/chain'] = h5py.SoftLink('/soft')
    f['dangling'] = h5py.SoftLink('/nowhere')
    f['round'] = h5py.SoftLink('/round')
    f['outside'] = h5py.ExternalLink('other.h5', '/x')
    f['g/root'] = f['/']
    f['g/again/up'] = f['g']


def dense(count):
    def fill(f):
        g = f.create_group('dense')
        for i in range(count):
            g.create_group(f'member_{i}') if i % 3 else g.create_dataset(f'w{i}', data=np.float32(i))
        h = f.create_dataset('attrs', data=np.arange(3))
        for i in range(40):
            h.attrs[f'a{i}'] = np.arange(i, dtype='i2')
        h.attrs['huge'] = 'long ' * 4000
        h.attrs['middle'] = 'm' * 3000
        h.attrs['tiny'] = np.int8(1)

    return fill


def huge_attr(f):
    f.attrs['model_config'] = json.dumps({'layers': [{'name': f'dense_{i}', 'units': i} for i in range(4000)]})
    f.attrs['small'] = np.int32(4)


def unsupported(f):
    """What the reader must refuse by name. Not dumped."""
    f['compound'] = np.zeros(2, [('re', 'f4'), ('im', 'f4')])
    f['complex'] = np.zeros(2, 'c8')
    f['opaque'] = np.zeros(2, 'V5')
    f.create_dataset('array', (2,), np.dtype(('f4', (3,))))
    f.create_dataset('sequence', (2,), h5py.vlen_dtype('i4'))
    f.create_dataset('reference', data=[f['compound'].ref], dtype=h5py.ref_dtype)
    f.create_dataset('scaleoffset', data=np.arange(10), chunks=(5,), scaleoffset=0)
    f['committed'] = np.dtype('f4')
    f.create_dataset('of_committed', (2,), dtype=f['committed'])
    f['longdouble'] = np.zeros(2, 'longdouble')
    t = h5py.h5t.STD_I16LE.copy()
    t.set_precision(12)
    h5py.h5d.create(f.id, b'twelve_bits', t, h5py.h5s.create_simple((2,)))
    h5py.h5d.create(f.id, b'bitfield', h5py.h5t.STD_B8LE, h5py.h5s.create_simple((2,)))
    layout = h5py.VirtualLayout((4,), 'f4')
    layout[:] = h5py.VirtualSource('other.h5', 'x', (4,))
    f.create_virtual_dataset('virtual', layout)
    f.create_dataset('external', (4,), 'f4', external=[('other.bin', 0, 16)])
    f['outside'] = h5py.ExternalLink('other.h5', '/x')
    f.create_dataset('vast', (1 << 20, 1 << 20), 'f4', chunks=(16, 16), compression='gzip',
                     maxshape=(None, None))
    f['vast'][0, 0] = 1
    f.create_dataset('vast_unwritten', (1 << 20, 1 << 20), 'f4')
    f['good'] = np.arange(3, dtype='f4')
    f['good'].attrs['compound'] = np.zeros((), [('a', 'i4')])
    f['good'].attrs['fine'] = 1


def special_files():
    for v in ['earliest', 'v108', 'v110', 'v112', 'v114', 'latest']:
        h5('basic_' + v, basic, libver=v if v in ('earliest', 'latest') else (v, v))
    for v in ['earliest', 'v110', 'latest']:
        h5('storage_' + v, storage, libver=v if v in ('earliest', 'latest') else (v, v))
        h5('links_' + v, links, libver=v if v in ('earliest', 'latest') else (v, v))
    h5('indexes_v110', indexes, libver=('v110', 'v110'))
    h5('indexes_latest', indexes, libver='latest')
    h5('dense_300_latest', dense(300), libver='latest')
    h5('dense_300_earliest', group300, libver='earliest')
    h5('dense_2500_v108', dense(2500), libver=('v108', 'v108'))
    h5('track_order', dense(30), track_order=True)
    h5('track_order_latest', dense(60), track_order=True, libver='latest')
    h5('user_block', basic, userblock_size=1024)
    h5('user_block_latest', links, userblock_size=512, libver='latest')
    h5('huge_attr_latest', huge_attr, libver='latest')
    h5('empty_earliest', lambda f: None)
    h5('empty_latest', lambda f: None, libver='latest')
    widths()
    unsupported_files()


def unsupported_files():
    for v in ['earliest', 'latest']:
        path = os.path.join(HERE, f'unsupported_{v}.bin')
        with h5py.File(path, 'w', libver=v) as f:
            unsupported(f)


def group300(f):
    g = f.create_group('old')
    for i in range(300):
        g.create_group(f'member_{i}') if i % 3 else g.create_dataset(f'w{i}', data=np.float32(i))


def widths():
    """Addresses and lengths of 4 bytes; superblock version 1, which other tree sizes ask for."""
    for name, width in [('widths_4', 4), ('superblock_1', 8)]:
        fcpl = h5py.h5p.create(h5py.h5p.FILE_CREATE)
        fcpl.set_sizes(width, width)
        if width == 8:
            set_property('H5Pset_istore_k', fcpl, 5)
        fid = h5py.h5f.create(SCRATCH.encode(), h5py.h5f.ACC_TRUNC, fcpl)
        with h5py.File(fid) as f:
            for i in range(40):
                f[f'g{i}'] = np.arange(i, dtype='f4')
            f.create_dataset('chunked', data=np.arange(200, dtype='i4'), chunks=(3,), compression='gzip')
            f.create_dataset('vlen', data=['a', 'bc'], dtype=h5py.string_dtype())
            f.attrs['a'] = 'text'
        with open(SCRATCH, 'rb') as f:
            finish(name, f.read())


if __name__ == '__main__':
    special_files()
    keras_files()
    if len(sys.argv) > 1:
        oracle_files(sys.argv[1])
