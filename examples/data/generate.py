"""Makes the example data: 10,000 places, uniform on the sphere, from a fixed seed.

Run with NumPy 2.x from this folder: python generate.py
"""

import numpy as np

rng = np.random.default_rng(20261122)
n = 10_000
np.save("latitude.npy", np.round(np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, n))), 4))
np.save("longitude.npy", np.round(rng.uniform(-180.0, 180.0, n), 4))
