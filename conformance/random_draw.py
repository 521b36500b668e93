"""What the generators of random networks have in common: see random_hls4ml.py."""

ROUNDING = ['TRN', 'TRN_ZERO', 'RND', 'RND_ZERO', 'RND_INF', 'RND_MIN_INF', 'RND_CONV']
OVERFLOW = ['WRAP', 'WRAP', 'SAT', 'SAT_ZERO', 'SAT_SYM']


def pick(rng, items):
    return items[int(rng.integers(len(items)))]


def precision(rng, signed=None, low=4, high=20, modes=0.4):
    """A random type: mostly everyday formats, now and then an odd one."""
    w = int(rng.integers(low, high + 1))
    i = int(rng.integers(1, w + 1)) if rng.random() < 0.85 else int(rng.integers(-2, w + 3))
    if signed is None:
        signed = rng.random() < 0.85
    text = f'{"" if signed else "u"}fixed<{w},{i}'
    if rng.random() < modes:
        text += f',{pick(rng, ROUNDING)},{pick(rng, OVERFLOW)}'
    return text + '>'


def recurrent_layer(rng, L, name, after=False, both=True):
    """LSTM, GRU or, where allowed, both directions of them; 1.3.0 has no SimpleRNN and other ways to merge for these
    tools. after: GRU applies its reset gate as hls4ml does."""

    def cell(name, sequences):
        kind = pick(rng, [L.LSTM, L.GRU])
        more = {'reset_after': bool(rng.random() < 0.93) or after} if kind is L.GRU else {}
        return kind(
            int(rng.integers(1, 6)), return_sequences=sequences, name=name, go_backwards=bool(rng.random() < 0.1),
            activation=pick(rng, ['tanh', 'tanh', 'relu', 'sigmoid']),
            recurrent_activation=pick(rng, ['sigmoid', 'sigmoid', 'relu', 'tanh']), **more,
        )

    sequences = bool(rng.random() < 0.5)
    layer = cell(name, sequences)
    if both and rng.random() < 0.3:
        if rng.random() < 0.5:
            return L.Bidirectional(layer, name=f'bi_{name}')
        other = cell(f'{name}_back', sequences)
        other.go_backwards = not layer.go_backwards
        return L.Bidirectional(layer, backward_layer=other, name=f'bi_{name}')
    return layer
