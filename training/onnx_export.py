"""scikit-learn to ONNX: one float32 input named `features`, plain tensors out, the same bytes for the same model."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.multioutput import MultiOutputRegressor

INPUT = "features"
OPSETS = {"": 17, "ai.onnx.ml": 3}


def classifier_to_onnx(estimator: Any, name: str, width: int) -> bytes:
    """Outputs `label` and `probabilities` (rows × 2). Without ZipMap: the service reads models with it, too (it takes
    the tensor behind the maps), but a plain tensor is what onnxruntime answers here with, and what `column` counts in."""
    model = to_onnx(
        estimator, initial_types=_inputs(width), name=name, target_opset=OPSETS, options={id(estimator): {"zipmap": False}}
    )
    return _checked(model)


def regressor_to_onnx(estimator: MultiOutputRegressor, name: str, width: int) -> bytes:
    """Output `estimates` (rows × outputs), cut at 0: years and money are never negative, whatever a sum of trees says."""
    model = to_onnx(estimator, initial_types=_inputs(width), name=name, target_opset=OPSETS)
    raw = model.graph.output[0]
    estimates = onnx.helper.make_tensor_value_info("estimates", onnx.TensorProto.FLOAT, [None, len(estimator.estimators_)])
    model.graph.node.append(onnx.helper.make_node("Relu", [raw.name], [estimates.name], name="never_negative"))
    del model.graph.output[:]
    model.graph.output.append(estimates)
    return _checked(model)


def run_onnx(model: bytes, matrix: np.ndarray, output: str) -> np.ndarray:
    """One tensor of the answer. One thread, as in the service: sums of trees then run in the same order."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session.run([output], {INPUT: matrix.astype(np.float32)})[0]


def _inputs(width: int) -> list[tuple[str, FloatTensorType]]:
    return [(INPUT, FloatTensorType([None, width]))]


def _checked(model: onnx.ModelProto) -> bytes:
    """Bytes; the operator sets, which the converter lists in the order of a hash, by name."""
    opsets = sorted(model.opset_import, key=lambda opset: opset.domain)
    del model.opset_import[:]
    model.opset_import.extend(opsets)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)
