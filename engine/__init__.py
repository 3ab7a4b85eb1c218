"""The transformer: operations, the recorded run, the model, its tokenizer, its training."""

import os

# One thread for each matrix product, set before NumPy is loaded. The products here are small:
# handing them out to several threads costs more than it saves, and much more on a busy machine.
# Training uses the other cores in a better way (`train.train`). Who sets this decides.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
