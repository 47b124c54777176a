"""The files: model.yaml reads back, golden rows hold, and what is in the repository agrees with itself."""

import json
import os
import subprocess
import sys

import numpy as np
import onnx
import pytest
import yaml

from training.__main__ import main
from training.export import EXAMPLES
from training.measures import calibrate
from training.onnx_export import run_onnx

from .conftest import ROOT
from .reader import features_of, read_offers

MODELS = ["accept", "lifetime", "churn"]


def golden_problems(manifest, model_bytes):
    """Golden answers that are off by more than the contract allows."""
    problems = []
    for place, row in enumerate(manifest["golden"]):
        matrix = np.array(row["inputs"]["features"], dtype=np.float32)
        for name, expected in row["outputs"].items():
            where = manifest["outputs"][name]
            answered = run_onnx(model_bytes, matrix, where["tensor"])[:, where["column"]]
            if not np.allclose(answered, expected, rtol=0, atol=1e-5):
                problems.append((place, name))
    return problems


@pytest.mark.parametrize("model", MODELS)
def test_manifest_reads_back(model, exported):
    manifest = yaml.safe_load(exported[model].manifest())
    assert manifest["id"] == model and manifest["file"] == "model.onnx"
    assert manifest["inputs"][0]["columns"] == [feature.manifest() for feature in exported[model].features]
    assert len(manifest["golden"]) == 5
    assert golden_problems(manifest, exported[model].onnx) == []
    assert max(map(len, exported[model].manifest().splitlines())) <= 120


def test_a_golden_row_of_another_model_does_not_hold(exported):
    """The check above can fail."""
    manifest = yaml.safe_load(exported["accept"].manifest())
    manifest["golden"][3]["outputs"]["propensity"][0] += 2e-5
    assert golden_problems(manifest, exported["accept"].onnx) == [(3, "propensity")]


@pytest.mark.parametrize("model", MODELS)
def test_onnx_has_plain_tensors_only(model, exported):
    graph = onnx.load_from_string(exported[model].onnx).graph
    assert [(value.name, value.type.tensor_type.elem_type) for value in graph.input] == [("features", onnx.TensorProto.FLOAT)]
    assert all(value.type.HasField("tensor_type") for value in graph.output)
    assert not any(node.op_type == "ZipMap" for node in graph.node)


@pytest.mark.parametrize("model", MODELS)
def test_the_models_of_the_repository(model):
    """Small, true to their golden rows, and the examples that the service is tested with are theirs."""
    folder = ROOT / "models" / model
    manifest = yaml.safe_load((folder / "model.yaml").read_text("utf-8"))
    model_bytes = (folder / "model.onnx").read_bytes()
    assert len(model_bytes) < 1_000_000
    assert golden_problems(manifest, model_bytes) == []

    examples = json.loads((ROOT / "test" / "models" / f"{model}-{EXAMPLES}.json").read_text("utf-8"))["rows"]
    assert len(examples) == EXAMPLES
    offers = read_offers(ROOT)
    matrix = np.stack([features_of(manifest, request, offers) for request in examples])
    points = manifest.get("calibration", {}).get("isotonic")
    for name, where in manifest["outputs"].items():
        answered = calibrate(points, run_onnx(model_bytes, matrix, where["tensor"])[:, where["column"]])
        expected = np.array([request["outputs"][name] for request in examples])
        assert (np.abs(answered - expected) <= 1e-6 * np.maximum(1, np.abs(expected))).all()


def test_command_line_writes_a_model(tmp_path, capsys):
    folders = ["--out", str(tmp_path / "models"), "--examples", str(tmp_path / "examples")]
    assert main(["train", "lifetime", "--rows", "2000", "--seed", "1", "--date", "2026-11-23", *folders]) == 0
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["MODEL_CARD.md", "lifetime-200.json", "model.onnx", "model.yaml"]
    assert "2026-11-23, seed 1" in (tmp_path / "models" / "lifetime" / "MODEL_CARD.md").read_text("utf-8")
    assert "Done" in capsys.readouterr().err


def test_another_process_writes_the_same_bytes(tmp_path):
    """Also where Python hashes texts differently."""
    written = []
    for hash_seed in ("1", "2"):
        out = tmp_path / hash_seed
        command = [sys.executable, "-m", "training", "train", "lifetime", "--rows", "2000", "--date", "2026-11-23"]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([*command, "--out", str(out), "--examples", str(out)], cwd=ROOT, env=environment, check=True, capture_output=True)
        written.append({path.name: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()})
    assert len(written[0]) == 4
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "acept"], "no model 'acept'"),
        (["train", "--rows", "10"], "at least 2,000 rows"),
        (["train", "--rows", "many"], "at least 2,000 rows"), (["train", "--seed", "-1"], "a whole number, 0 or more, not '-1'"),
        (["train", "--date", "today"], "a date as 2026-11-23, not 'today'"),
        ([], "the following arguments are required: command"),
    ],
)
def test_command_line_says_what_is_wrong(arguments, message, capsys):
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert message in capsys.readouterr().err
