"""What the encoder learns from: sentences of players in English and German with the tone they have.

Patterns written by hand (corpus/patterns.txt) are expanded with the same choices on both sides, so that a German
sentence comes with the English one that means the same: its teacher (which knows English only) then teaches German too,
as in Reimers & Gurevych, "Making Monolingual Sentence Embeddings Multilingual using Knowledge Distillation" (2020).
Everything follows from the seed.
"""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TONES = ["other", "greeting", "trade", "threat", "plea", "question", "taunt", "thanks", "apology", "farewell"]
TOKEN = re.compile(r"\[([^\]]*)\]|<(\w+)>|([^\[<]+|<)")


@dataclass(frozen=True)
class Pair:
    """One meaning: `de` may be empty; `tone` is an index into TONES, or -1 where nobody said what it is."""

    tone: int
    en: str
    de: str


def read_pairs(path: Path) -> list[tuple[str, str, str]]:
    """Lines of a file as (section, English, German)."""
    rows, section = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("## "):
            section = line[3:]
        elif re.fullmatch(r"<\w+>", line):
            section = line[1:-1]
        elif line and not line.startswith("#"):
            en, _, de = line.rpartition(" =") if line.endswith(" =") else line.partition(" = ")
            rows.append((section, en.strip(), de.strip()))
    return rows


def read_slots() -> dict[str, list[tuple[str, str]]]:
    slots: dict[str, list[tuple[str, str]]] = {}
    for name, en, de in read_pairs(HERE / "corpus" / "slots.txt"):
        slots.setdefault(name, []).append((en, de))
    return slots


def expand(pattern: str, side: int, slots: dict, draws: list[float], words: dict[tuple[str, int], int]) -> str:
    """One sentence of a pattern. `draws` decides the choices in order; `words` remembers which word a slot took."""
    used: dict[str, int] = {}
    drawn = 0

    def fill(text: str) -> str:
        nonlocal drawn
        out = []
        for choice, slot, plain in TOKEN.findall(text):
            if plain:
                out.append(plain)
            elif slot:
                if slot not in slots:
                    out.append(f"<{slot}>")
                    continue
                nth = used.get(slot, 0)
                used[slot] = nth + 1
                options = slots[slot]
                u = draws[(hash_of(slot) + nth) % len(draws)]
                index = words.setdefault((slot, nth), int(u * len(options)))
                out.append(options[index][side])
            else:
                options = choice.split("|")
                u = draws[drawn % len(draws)]
                drawn += 1
                out.append(fill(options[int(u * len(options))]))
        return "".join(out)

    return " ".join(fill(pattern).split())


def hash_of(text: str) -> int:
    return sum((i + 1) * b for i, b in enumerate(text.encode()))


def pattern_regex(pattern: str, side: int, slots: dict) -> str:
    """A regular expression of everything a pattern can say, on normalised text."""
    out = []
    for choice, slot, plain in TOKEN.findall(pattern):
        if plain:
            out.append(re.escape(normalise(plain)).replace(r"\ ", " ") if plain.strip() else "")
        elif slot and slot in slots:
            out.append("(?:" + "|".join(re.escape(normalise(w[side])) for w in slots[slot]) + ")")
        elif slot:
            out.append(slot)
        else:
            out.append("(?:" + "|".join(pattern_regex(option, side, slots) for option in choice.split("|")) + ")")
    return " *".join(out)


def normalise(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    return " ".join(re.sub(r"[^\w]+", " ", text).split())


def read_heldout() -> list[tuple[int, str, str, str]]:
    """(tone, language, kind, sentence)."""
    rows = []
    for line in (HERE / "heldout.tsv").read_text(encoding="utf-8").splitlines():
        tone, language, kind, text = line.split("\t")
        rows.append((TONES.index(tone), language, kind, text))
    return rows


def templated(sentences: list[str]) -> list[str]:
    """Those of these sentences that a pattern can say."""
    slots = read_slots()
    rules = [
        re.compile(" *" + pattern_regex(row[side + 1], side, slots) + " *")
        for row in read_pairs(HERE / "corpus" / "patterns.txt")
        for side in (0, 1)
        if row[side + 1]
    ]
    return [s for s in sentences if any(rule.fullmatch(normalise(s)) for rule in rules)]


def build(seed: int, per_tone: int) -> list[Pair]:
    """About `per_tone` pairs of each tone, none of which says what a held-out sentence says."""
    rng = random.Random(seed)
    slots = read_slots()
    fillers = [(en, de) for _, en, de in read_pairs(HERE / "corpus" / "fillers.txt")]
    forbidden = {normalise(text) for *_, text in read_heldout()}
    by_tone: dict[str, list[tuple[str, str]]] = {}
    for tone, en, de in read_pairs(HERE / "corpus" / "patterns.txt"):
        by_tone.setdefault(tone, []).append((en, de))
    pairs: list[Pair] = []
    for tone in TONES:
        seen: set[tuple[str, str]] = set()
        patterns = by_tone[tone]
        for _ in range(per_tone * 3):
            if len(seen) >= per_tone:
                break
            en_pattern, de_pattern = rng.choice(patterns)
            draws = [rng.random() for _ in range(13)]
            words: dict[tuple[str, int], int] = {}
            en = expand(en_pattern, 0, slots, draws, words)
            de = expand(de_pattern, 1, slots, draws, words) if de_pattern else ""
            if rng.random() < 0.2:
                before, after = rng.choice(fillers)
                en = before.replace("...", en)
                de = after.replace("...", de) if de else ""
            en, de = punctuate(en, tone, rng), punctuate(de, tone, rng)
            if len(en) > 200 or len(de) > 200 or normalise(en) in forbidden or normalise(de) in forbidden:
                continue
            if (en, de) in seen:
                continue
            seen.add((en, de))
            pairs.append(Pair(TONES.index(tone), en, de))
    return pairs


def punctuate(text: str, tone: str, rng: random.Random) -> str:
    if not text or text[-1] in ".!?:)" or rng.random() < 0.35:
        return text
    asks = tone in ("question", "trade", "plea") and rng.random() < (0.9 if tone == "question" else 0.3)
    text += "?" if asks else rng.choice([".", ".", "!", "!!", "..."] if tone in ("threat", "taunt") else [".", ".", "!"])
    return text[0].upper() + text[1:]


def unlabelled() -> list[Pair]:
    """Lines of the chatterbot-corpus package (BSD), English only, without tones: they widen what is distilled."""
    import chatterbot_corpus
    import yaml

    folder = Path(chatterbot_corpus.__file__).parent / "data" / "english"
    lines: dict[str, None] = {}
    for path in sorted(folder.glob("*.yml")):
        for talk in yaml.safe_load(path.read_text(encoding="utf-8"))["conversations"]:
            for line in talk:
                line = " ".join(str(line).split())
                if 2 <= len(line) <= 120:
                    lines[line] = None
    return [Pair(-1, line, "") for line in lines]


CHAT_EN = {
    "you": "u", "are": "r", "your": "ur", "please": "pls", "thanks": "thx", "for": "4", "to": "2", "what": "wat",
    "want to": "wanna", "going to": "gonna", "have to": "gotta", "people": "ppl", "because": "cuz", "the": "da",
    "that": "dat", "with": "w", "right": "rite", "tomorrow": "tmr", "see": "c", "good": "gud", "i am": "im",
    "do not": "dont", "give me": "gimme", "let me": "lemme", "have": "hav", "friend": "fren", "them": "em",
}
CHAT_DE = {
    "nicht": "nich", "ist": "is", "ein": "n", "eine": "ne", "habe": "hab", "du": "d", "und": "un", "etwas": "was",
    "nichts": "nix", "hast du": "haste", "kannst du": "kannste", "willst du": "willste", "bist du": "biste",
    "ich": "isch", "auch": "auh", "für": "fürn", "das": "dat", "mal": "ma", "jetzt": "jez", "dich": "dch", "einen": "nen",
}
KEYS = {c: n for row in ("qwertzuiop", "asdfghjkl", "yxcvbnm") for c, n in zip(row, row[1:] + row[-2])}


def noisy(text: str, german: bool, rng: random.Random) -> str:
    """The same sentence as somebody in a hurry types it."""
    if rng.random() < 0.6:
        text = text.lower()
    if rng.random() < 0.35:
        for long, short in (CHAT_DE if german else CHAT_EN).items():
            if rng.random() < 0.5:
                text = re.sub(rf"\b{long}\b", short, text, flags=re.IGNORECASE)
    if german and rng.random() < 0.3:
        for a, b in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
            text = text.replace(a, b)
    elif german and rng.random() < 0.2:
        text = text.translate(str.maketrans("äöüß", "aous"))
    if rng.random() < 0.4:
        text = re.sub(r"[.,!?']", "", text)
    chars = list(text)
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3]) if len(chars) > 4 else 0):
        i = rng.randrange(len(chars) - 1)
        if not chars[i].isalpha():
            continue
        kind = rng.randrange(5)
        if kind == 0:
            chars[i], chars[i + 1] = chars[i + 1], chars[i]
        elif kind == 1:
            chars[i] = ""
        elif kind == 2:
            chars[i] *= 2
        elif kind == 3:
            chars[i] = KEYS.get(chars[i], chars[i])
        else:
            chars[i] *= rng.choice([1, 3, 4])
    return "".join(chars) or text


def examples(each: int) -> dict[str, list[str]]:
    """Some sentences of every tone, half of them German: a head for encoders that come without one."""
    out: dict[str, list[str]] = {tone: [] for tone in TONES}
    for pair in build(3, each * 2):
        rows = out[TONES[pair.tone]]
        text = pair.de if len(rows) % 2 else pair.en
        if text and len(rows) < each and len(text) < 60:
            rows.append(text)
    return out


if __name__ == "__main__":
    import json
    import sys

    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(json.dumps(examples(24), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        raise SystemExit
    found = templated([text for *_, text in read_heldout()])
    print(f"held-out sentences that a pattern can say: {len(found)}", *found, sep="\n  ")
    pairs = build(1, 2500)
    rng = random.Random(2)
    for tone in range(len(TONES)):
        mine = [p for p in pairs if p.tone == tone]
        print(f"\n{TONES[tone]}: {len(mine)}")
        for p in rng.sample(mine, 9):
            print("  ", p.en, "|", p.de, "|", noisy(p.de or p.en, bool(p.de), rng))
