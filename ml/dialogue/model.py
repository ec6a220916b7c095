"""The student: a small BERT encoder (Devlin et al. 2018) whose mean-pooled, normalised output is the embedding."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Shape:
    vocabulary: int = 8000
    positions: int = 96
    width: int = 160
    layers: int = 2
    heads: int = 4
    inner: int = 480


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, eps=1e-6)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, eps=1e-6)
        self.drop = nn.Dropout(0.05)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        b, n, w = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-1, -2) * (w // self.heads) ** -0.5 + bias, dim=-1)
        x = self.norm1(x + self.drop(self.out((weights @ v).transpose(1, 2).reshape(b, n, w))))
        return self.norm2(x + self.drop(self.down(torch.relu(self.up(x)))))


class Student(nn.Module):
    """[batch, tokens] ids and mask to [batch, tokens, width]; `embed` pools and normalises them."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.positions, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-6)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        nn.init.normal_(self.words.weight, std=0.05)
        nn.init.normal_(self.places.weight, std=0.02)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]])
        bias = (1.0 - mask[:, None, None, :].float()) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def embed(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = self(ids, mask) * mask[:, :, None]
        return nn.functional.normalize(x.sum(1) / mask.sum(1, keepdim=True), dim=-1)
