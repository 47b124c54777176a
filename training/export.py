"""Writes a trained model's folder (model.onnx, model.yaml, MODEL_CARD.md) and its example requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from . import train_lifetime
from .cards import Words, lifetime_card, propensity_card
from .catalog import Catalog
from .examples import SIMULATED, example_requests, examples_text
from .features import Feature, column_names, encode
from .manifest import manifest
from .measures import Points, calibrate
from .onnx_export import classifier_to_onnx, regressor_to_onnx, run_onnx
from .propensity import EXAMPLES, PropensityModel, predict
from .rows import rows_of
from .train_lifetime import OUTPUTS, LifetimeModel

GOLDEN_ROWS = 5
REVIEW_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Exported:
    """A model as its files; `outputs` names a tensor and a column for each output."""

    id: str
    about: str
    features: tuple[Feature, ...]
    onnx: bytes
    outputs: dict[str, dict[str, object]]
    held_out: np.ndarray               # some rows of the test data, as the model gets them
    calibration: Points | None
    card: str
    made: date
    contacts: tuple[dict[str, Any], ...] = ()   # requests to make the examples of; none: simulated ones
    source: str = ""                            # the contacts' file
    columns_from: str = "training/features.py"

    def answers(self, matrix: np.ndarray) -> dict[str, np.ndarray]:
        """Each output for each row, float32, before calibration."""
        return {name: run_onnx(self.onnx, matrix, str(where["tensor"]))[:, where["column"]] for name, where in self.outputs.items()}

    def manifest(self) -> str:
        golden = self.golden()
        return manifest(
            self.id, self.about, self.made + REVIEW_AFTER, self.features, self.outputs, golden, self.answers(golden), self.calibration,
            columns_from=self.columns_from,
        )

    def golden(self) -> np.ndarray:
        """The first held-out rows whose answers are the same to the last bit alone and together: float32 sums depend
        on their order, and an answer of hundreds could then be off by more than a golden row's tolerance."""
        together = self.answers(self.held_out)
        alone = [self.answers(row[None, :]) for row in self.held_out]
        steady = [place for place, answer in enumerate(alone) if all(answer[name][0] == together[name][place] for name in self.outputs)]
        return self.held_out[steady[:GOLDEN_ROWS]]

    def examples(self, catalog: Catalog, seed: int) -> str:
        """Scored from the requests themselves, as they stand in the file."""
        requests = list(self.contacts) or example_requests(catalog, self.id, EXAMPLES, seed)
        origin = f"They are contacts of {self.source}." if self.contacts else SIMULATED
        answers = self.answers(encode(self.features, rows_of(requests, catalog), catalog))
        return examples_text(self.id, requests, {name: calibrate(self.calibration, values) for name, values in answers.items()}, origin)


ABOUT = {
    "accept": "The probability that this customer accepts this offer, in this channel, now.",
    "churn": "The probability that this customer leaves within a year.",
    "lifetime": "For how many years this customer keeps what the offer brings, and its margin a year.",
}


def export_propensity(words: Words, model: PropensityModel, seed: int, made: date) -> Exported:
    id = words.title
    onnx = classifier_to_onnx(model.estimator, id, len(column_names(model.features)))
    answered = run_onnx(onnx, model.held_out, "probabilities")[:, 1]
    if not np.allclose(answered, predict(model.estimator, model.held_out), rtol=0, atol=1e-4):
        raise ValueError(f"The model {id} answers otherwise as ONNX than in scikit-learn ({model.report.chosen}): it is not written")
    return Exported(
        id=id, about=ABOUT[id], features=model.features, onnx=onnx, outputs={"propensity": {"tensor": "probabilities", "column": 1}},
        held_out=model.held_out, calibration=model.calibration, card=propensity_card(words, model, seed, made, len(onnx)), made=made,
        contacts=model.contacts, source=model.report.source,
        columns_from="contacts or training/contact_features.py" if model.contacts else "training/features.py",
    )


def export_lifetime(model: LifetimeModel, seed: int, made: date) -> Exported:
    onnx = regressor_to_onnx(model.estimator, train_lifetime.ID, len(column_names(model.features)))
    return Exported(
        id=train_lifetime.ID, about=ABOUT[train_lifetime.ID],
        features=model.features, onnx=onnx,
        outputs={name: {"tensor": "estimates", "column": column} for column, name in enumerate(OUTPUTS)},
        held_out=model.held_out, calibration=None, card=lifetime_card(model, seed, made, len(onnx)), made=made,
    )


def write(exported: Exported, catalog: Catalog, models: Path, examples: Path | None, seed: int) -> list[Path]:
    """The files written. `examples` is the folder for the example requests; none are written without it."""
    folder = models / exported.id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(exported.onnx)
    texts = {folder / "model.yaml": exported.manifest(), folder / "MODEL_CARD.md": exported.card}
    if examples is not None:
        examples.mkdir(parents=True, exist_ok=True)
        texts[examples / f"{exported.id}-{EXAMPLES}.json"] = exported.examples(catalog, seed)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return [folder / "model.onnx", *texts]
