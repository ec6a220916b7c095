"""Writes the student as int8 ONNX in the layout that @xenova/transformers loads: python export.py --run R --out D

The graph is built by hand (opset 17, IR version 8), so that old and new runtimes read it and it depends on no exporter.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

OPSET, IR_VERSION = 17, 8


def load(run: Path) -> tuple[dict, dict[str, np.ndarray]]:
    saved = torch.load(run / "student.pt", weights_only=True)
    return saved["shape"], {name: t.numpy().astype(np.float32) for name, t in saved["student"].items()}


def graph(shape: dict, weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    nodes, constants = [], {}

    def constant(name: str, value: np.ndarray) -> str:
        constants[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def node(op: str, inputs: list[str], out: str, **attributes) -> str:
        nodes.append(helper.make_node(op, inputs, [out], name=out, **attributes))
        return out

    def dense(x: str, name: str) -> str:
        w = constant(f"{name}.kernel", weights[f"{name}.weight"].T)
        return node("Add", [node("MatMul", [x, w], f"{name}.product"), constant(f"{name}.b", weights[f"{name}.bias"])], f"{name}.sum")

    def norm(x: str, name: str) -> str:
        parts = [x, constant(f"{name}.scale", weights[f"{name}.weight"]), constant(f"{name}.shift", weights[f"{name}.bias"])]
        return node("LayerNormalization", parts, f"{name}.normed", axis=-1, epsilon=1e-6)

    def integers(name: str, *values: int) -> str:
        return constant(name, np.array(values, dtype=np.int64))

    width, heads = shape["width"], shape["heads"]
    each = width // heads
    words = node("Gather", [constant("words", weights["words.weight"]), "input_ids"], "words.read")
    size = node("Shape", ["input_ids"], "size")
    tokens = node("Gather", [size, integers("one", 1)], "tokens", axis=0)
    places = node("Slice", [constant("places", weights["places.weight"]), integers("zero", 0), tokens, integers("axis0", 0)], "places.read")
    x = norm(node("Add", [words, places], "embedded"), "norm")
    mask = node("Unsqueeze", [node("Cast", ["attention_mask"], "mask.float", to=TensorProto.FLOAT), integers("axes12", 1, 2)], "mask.wide")
    hidden = node("Sub", [constant("1", np.array(1, np.float32)), mask], "mask.hidden")
    bias = node("Mul", [hidden, constant("low", np.array(-1e4, np.float32))], "mask.bias")
    split = integers("split", 0, 0, 3, heads, each)
    joined = integers("joined", 0, 0, width)
    for n in range(shape["layers"]):
        p = f"layers.{n}"
        qkv = node("Reshape", [dense(x, f"{p}.qkv"), split], f"{p}.split")
        qkv = node("Transpose", [qkv], f"{p}.qkv.turned", perm=[2, 0, 3, 1, 4])
        q, k, v = (node("Gather", [qkv, constant(f"{p}.{i}", np.array(i, np.int64))], f"{p}.part{i}", axis=0) for i in range(3))
        scores = node("MatMul", [q, node("Transpose", [k], f"{p}.k.turned", perm=[0, 1, 3, 2])], f"{p}.scores")
        scores = node("Mul", [scores, constant(f"{p}.scale", np.array(each**-0.5, np.float32))], f"{p}.scaled")
        shares = node("Softmax", [node("Add", [scores, bias], f"{p}.masked")], f"{p}.shares", axis=-1)
        mixed = node("Transpose", [node("MatMul", [shares, v], f"{p}.mixed")], f"{p}.mixed.turned", perm=[0, 2, 1, 3])
        mixed = node("Reshape", [mixed, joined], f"{p}.joined")
        x = norm(node("Add", [x, dense(mixed, f"{p}.out")], f"{p}.attended"), f"{p}.norm1")
        inner = node("Relu", [dense(x, f"{p}.up")], f"{p}.inner")
        x = norm(node("Add", [x, dense(inner, f"{p}.down")], f"{p}.fed"), f"{p}.norm2")
    node("Identity", [x], "last_hidden_state")
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in ("input_ids", "attention_mask")]
    outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", width])]
    made = helper.make_graph(nodes, "symbiont-dialogue-encoder", inputs, outputs, list(constants.values()))
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    return model


def export(run: Path, out: Path) -> None:
    shape, weights = load(run)
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder) / "model.onnx", Path(folder) / "small.onnx"
        onnx.save(graph(shape, weights), plain)
        shutil.copy(plain, run / "model.onnx")
        quantize_dynamic(
            plain,
            small,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
        )
        model = onnx.load(small)
        model.ir_version = IR_VERSION
        model.producer_name, model.producer_version = "symbiont", ""
        onnx.save(model, out / "onnx" / "model_quantized.onnx")
    shutil.copy(run / "tokenizer.json", out / "tokenizer.json")
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "relu",
        "hidden_size": shape["width"],
        "intermediate_size": shape["inner"],
        "layer_norm_eps": 1e-6,
        "max_position_embeddings": shape["positions"],
        "num_attention_heads": shape["heads"],
        "num_hidden_layers": shape["layers"],
        "pad_token_id": 0,
        "type_vocab_size": 1,
        "vocab_size": shape["vocabulary"],
    }
    tokens = {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": True,
        "model_max_length": shape["positions"],
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (out / "tokenizer_config.json").write_text(json.dumps(tokens, indent=2) + "\n")
    size = (out / "onnx" / "model_quantized.onnx").stat().st_size
    print(f"model_quantized.onnx: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", type=Path, default=Path("runs/dialogue"))
    parser.add_argument("--out", type=Path, default=Path("../../assets/dialogue/encoder"))
    a = parser.parse_args()
    export(a.run, a.out)
