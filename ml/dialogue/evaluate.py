"""Fits the heads and measures: python evaluate.py --run R --encoder D

Student (the committed int8 file) and teacher get the same heads (multinomial logistic regression and nearest centroid
on normalised embeddings) from the same sentences of the corpus; both are then asked for the held-out sentences, which
nothing was fitted to. Writes `head.json` beside the encoder and the figures to `evaluation.json`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter
from pathlib import Path

import numpy as np
import onnxruntime
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer

from corpus import HERE, TONES, build, noisy, normalise, read_heldout
from teacher import embed_teacher

SEED = 20261124
LANGUAGES = ["en", "de"]


def embed_student(encoder: Path, texts: list[str], model: Path | None = None) -> np.ndarray:
    """As the server does: one sentence at a time, mean over its tokens, normalised."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model or encoder / "onnx" / "model_quantized.onnx"), options)
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.enable_truncation(json.loads((encoder / "config.json").read_text())["max_position_embeddings"])
    rows = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        row = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0].mean(0)
        rows.append(row / np.linalg.norm(row))
    return np.array(rows, dtype=np.float32)


def wilson(right: int, n: int, z: float = 1.96) -> list[float]:
    """95 % interval of a share (Wilson 1927)."""
    p = right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return [round(middle - half, 3), round(middle + half, 3)]


def share(right: np.ndarray) -> dict:
    return {"accuracy": round(float(right.mean()), 3), "interval": wilson(int(right.sum()), len(right)), "n": len(right)}


def fit_sentences(per_tone: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Clean and noisy sentences of both languages, their tones and languages."""
    rng = random.Random(SEED)
    texts, tones, languages = [], [], []
    for pair in build(SEED, per_tone):
        for language, text in enumerate((pair.en, pair.de)):
            if text:
                texts.append(noisy(text, language == 1, rng) if rng.random() < 0.5 else text)
                tones.append(pair.tone)
                languages.append(language if pair.de else -1)
    return texts, np.array(tones), np.array(languages)


def language_head(texts: list[str], languages: np.ndarray, most: int = 500) -> dict:
    """Log odds of German of the character trigrams that tell most (naive Bayes)."""
    counts = [Counter(), Counter()]
    for text, language in zip(texts, languages):
        if language >= 0:
            counts[language].update(trigrams(text))
    totals = [sum(c.values()) for c in counts]
    odds = {}
    for gram in counts[0].keys() | counts[1].keys():
        en, de = counts[0][gram], counts[1][gram]
        if en + de >= 8:
            odds[gram] = (math.log((de + 0.5) / totals[1]) - math.log((en + 0.5) / totals[0]), en + de)
    best = sorted(odds, key=lambda g: (-abs(odds[g][0]) * math.sqrt(odds[g][1]), g))[:most]
    return {g: round(odds[g][0], 2) for g in sorted(best)}


def trigrams(text: str) -> list[str]:
    padded = f" {normalise(text)} "
    return [padded[i : i + 3] for i in range(len(padded) - 2)]


def evaluate(run: Path, encoder: Path, per_tone: int) -> None:
    texts, tones, languages = fit_sentences(per_tone)
    heldout = read_heldout()
    asked = [text for *_, text in heldout]
    truth = np.array([tone for tone, *_ in heldout])
    report: dict = {"fitted_to": len(texts), "held_out": len(asked)}
    embedded = {
        "student": (embed_student(encoder, texts), embed_student(encoder, asked)),
        "teacher": (embed_teacher(texts, run / "fit-teacher.npy"), embed_teacher(asked)),
    }
    answers = {}
    for name, (known, new) in embedded.items():
        head = LogisticRegression(C=10, max_iter=400, random_state=0).fit(known, tones)
        answers[name] = head.predict(new)
        right = answers[name] == truth
        centres = np.array([known[tones == t].mean(0) for t in range(len(TONES))])
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        nearest = (new @ centres.T).argmax(1) == truth
        part = {"linear": share(right), "centroid": share(nearest)}
        for column, values in ((1, LANGUAGES), (2, ["plain", "slang", "typo", "long"])):
            for value in values:
                part[value] = share(right[[row[column] == value for row in heldout]])
        part["tones"] = {TONES[t]: share(right[truth == t]) for t in range(len(TONES))}
        report[name] = part
        if name == "student":
            write_head(encoder, head, language_head(texts, languages), report, heldout)
    both = (answers["student"] == truth).astype(int) - (answers["teacher"] == truth).astype(int)
    rng = np.random.default_rng(0)
    draws = both[rng.integers(0, len(both), (4000, len(both)))].mean(1)
    report["student_minus_teacher"] = {"mean": round(float(both.mean()), 3), "interval": [round(float(v), 3) for v in np.percentile(draws, [2.5, 97.5])]}
    english = [i for i, row in enumerate(heldout) if row[1] == "en"]
    s, t = (embedded[n][1][english] @ embedded[n][1][english].T for n in ("student", "teacher"))
    above = np.triu_indices(len(english), 1)
    ranks = [np.argsort(np.argsort(m[above])) for m in (s, t)]
    report["similarity_rank_correlation_with_teacher"] = round(float(np.corrcoef(*ranks)[0, 1]), 3)
    report["onnx_bytes"] = (encoder / "onnx" / "model_quantized.onnx").stat().st_size
    (encoder / "evaluation.json").write_text(json.dumps(report, indent=1) + "\n")
    write_card(report)
    print(json.dumps(report, indent=1))
    for i in np.flatnonzero(answers["student"] != truth):
        print(f"{TONES[truth[i]]:>9} taken for {TONES[answers['student'][i]]:<9} {asked[i]}")


def write_card(report: dict) -> None:
    """Puts the figures into the model card."""
    rows = [
        ("all, linear layer", "linear"),
        ("all, nearest centroid", "centroid"),
        ("English", "en"),
        ("German", "de"),
        ("plain", "plain"),
        ("slang", "slang"),
        ("typos", "typo"),
        ("long", "long"),
    ]

    def cell(part: dict) -> str:
        low, high = part["interval"]
        return f"{100 * part['accuracy']:.1f} % ({100 * low:.0f} … {100 * high:.0f})"

    table = ["| sentences | n | student (int8) | teacher |", "|---|---|---|---|"]
    for name, key in rows:
        table.append(f"| {name} | {report['student'][key]['n']} | {cell(report['student'][key])} | {cell(report['teacher'][key])} |")
    for tone in TONES:
        student, teacher = (report[who]["tones"][tone] for who in ("student", "teacher"))
        table.append(f"| {tone} | {student['n']} | {cell(student)} | {cell(teacher)} |")
    gap = report["student_minus_teacher"]
    table += [
        "",
        f"Student minus teacher on the same sentences: {100 * gap['mean']:+.1f} points (bootstrap {100 * gap['interval'][0]:+.1f} … {100 * gap['interval'][1]:+.1f}).",
        f"English and German are told apart in {cell(report['language'])}. Rank correlation of similarities with the teacher's, held-out English: {report['similarity_rank_correlation_with_teacher']:.2f}.",
        f"The file: {report['onnx_bytes'] / 1e6:.2f} MB.",
    ]
    card = (HERE / "README.md").read_text(encoding="utf-8")
    before, rest = card.split("<!-- figures -->")
    after = rest.split("<!-- end -->")[1]
    text = f"{before}<!-- figures -->\n" + "\n".join(table) + f"\n<!-- end -->{after}"
    (HERE / "README.md").write_text(text, encoding="utf-8")


def write_head(encoder: Path, head: LogisticRegression, odds: dict, report: dict, heldout: list) -> None:
    rows = {
        "tones": TONES,
        "bias": [round(float(v), 4) for v in head.intercept_],
        "weights": [[round(float(v), 3) for v in row] for row in head.coef_],
        "german": odds,
    }
    (encoder / "head.json").write_text(json.dumps(rows, separators=(",", ":")) + "\n")
    guessed = np.array([sum(odds.get(g, 0) for g in trigrams(text)) > 0 for *_, text in heldout])
    report["language"] = share(guessed == np.array([language == "de" for _, language, *_ in heldout]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", type=Path, default=Path("runs/dialogue"))
    parser.add_argument("--encoder", type=Path, default=Path("../../assets/dialogue/encoder"))
    parser.add_argument("--per-tone", type=int, default=400)
    a = parser.parse_args()
    evaluate(a.run, a.encoder, a.per_tone)
