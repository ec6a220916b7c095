"""Distils the student from all-MiniLM-L6-v2 and writes a checkpoint: python train.py --out runs/dialogue

The student learns to give a sentence, its noisy forms and its German translation the teacher's embedding of the clean
English sentence (its 160 principal directions), and to tell the tones apart by a linear layer on it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from corpus import TONES, Pair, build, noisy, unlabelled
from model import Shape, Student
from teacher import embed_teacher

SEED = 20261123


def make_tokenizer(texts: list[str], vocabulary: int) -> Tokenizer:
    """WordPiece over lower-cased text without accents' marks being lost; single characters catch what is unknown."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=64))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True, handle_chinese_chars=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
        limit_alphabet=400,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(t, tokenizer.token_to_id(t)) for t in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def encode(tokenizer: Tokenizer, texts: list[str], positions: int) -> tuple[torch.Tensor, torch.Tensor]:
    rows = [e.ids[:positions] for e in tokenizer.encode_batch(texts)]
    longest = max(len(r) for r in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return ids, mask


def train(out: Path, minutes: float, steps: int, per_tone: int, batch: int) -> None:
    torch.manual_seed(SEED)
    np.random.seed(SEED)
    rng = random.Random(SEED)
    torch.set_num_threads(1)
    pairs = build(SEED, per_tone)
    plain = unlabelled()
    check = set(rng.sample(range(len(pairs)), len(pairs) // 20))
    print(f"{len(pairs)} pairs with a tone, {len(plain)} lines without, {len(check)} pairs kept to look at progress")
    everything: list[Pair] = pairs + plain
    targets = embed_teacher([p.en for p in everything], out / "teacher.npy")
    # The principal directions of the uncentred embeddings keep dot products best.
    _, _, directions = np.linalg.svd(targets[:: max(1, len(targets) // 8000)], full_matrices=False)
    shape = Shape()
    basis = directions[: shape.width]
    kept = float((targets @ basis.T).__pow__(2).sum() / (targets**2).sum())
    reduced = targets @ basis.T
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
    print(f"{shape.width} of {targets.shape[1]} directions keep {kept:.3f} of the squares")
    goal = torch.tensor(reduced, dtype=torch.float32)

    noise = random.Random(SEED + 1)
    texts = [t for p in everything for t in (p.en, p.de) if t]
    texts += [noisy(p.de or p.en, bool(p.de), noise) for p in pairs]
    tokenizer = make_tokenizer(texts, shape.vocabulary)
    shape = Shape(vocabulary=tokenizer.get_vocab_size())
    tokenizer.save(str(out / "tokenizer.json"))
    student = Student(shape)
    head = torch.nn.Linear(shape.width, len(TONES))
    parameters = [*student.parameters(), *head.parameters()]
    print(f"{sum(p.numel() for p in student.parameters()) / 1e6:.2f} M parameters, {shape}")
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.02, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.5e-3, total_steps=steps, pct_start=0.08)

    order = [i for i in range(len(everything)) if i not in check]
    watched = sorted(check)[:600]
    begun, at = time.process_time(), 0
    student.train()
    for step in range(steps):
        chosen = []
        for _ in range(batch):
            if at == 0:
                rng.shuffle(order)
            chosen.append(order[at])
            at = (at + 1) % len(order)
        lines = []
        for i in chosen:
            pair = everything[i]
            german = bool(pair.de) and rng.random() < 0.5
            text = pair.de if german else pair.en
            lines.append(noisy(text, german, rng) if rng.random() < 0.65 else text)
        ids, mask = encode(tokenizer, lines, shape.positions)
        # Some tokens are hidden, so that no single word decides.
        ids = torch.where((torch.rand(ids.shape) < 0.08) & (ids > 4), tokenizer.token_to_id("[MASK]"), ids)
        embedded = student.embed(ids, mask)
        wanted = goal[chosen]
        labels = torch.tensor([everything[i].tone for i in chosen])
        near = 1 - (embedded * wanted).sum(1).mean()
        alike = ((embedded @ embedded.T - wanted @ wanted.T) ** 2).mean()
        tone = torch.nn.functional.cross_entropy(head(embedded * 8), labels, ignore_index=-1, label_smoothing=0.1)
        loss = 2 * near + 5 * alike + 0.35 * tone
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            student.eval()
            with torch.no_grad():
                ids, mask = encode(tokenizer, [everything[i].de or everything[i].en for i in watched], shape.positions)
                e = student.embed(ids, mask)
                right = (head(e * 8).argmax(1) == torch.tensor([everything[i].tone for i in watched])).float().mean()
                cosine = (e * goal[watched]).sum(1).mean()
            student.train()
            spent = time.process_time() - begun
            torch.save({"shape": shape.__dict__, "student": student.state_dict()}, out / "student.pt")
            print(f"step {step} loss {loss:.3f} near {near:.3f} alike {alike:.4f} tone {tone:.3f} "
                  f"kept pairs: cosine {cosine:.3f} tone {right:.3f} ({spent:.0f} s)", flush=True)
            if spent > minutes * 60:
                raise SystemExit("more minutes than allowed: fewer steps are needed")
    tokenizer.save(str(out / "tokenizer.json"))
    torch.save({"shape": shape.__dict__, "student": student.state_dict()}, out / "student.pt")
    record = {"seed": SEED, "steps": steps, "batch": batch, "pairs": len(pairs), "lines": len(plain),
              "cpu_minutes": round((time.process_time() - begun) / 60, 1), "torch": torch.__version__}
    (out / "training.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("runs/dialogue"))
    parser.add_argument("--steps", type=int, default=2200)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--per-tone", type=int, default=2500)
    parser.add_argument("--minutes", type=float, default=14)
    a = parser.parse_args()
    train(a.out, a.minutes, a.steps, a.per_tone, a.batch)
