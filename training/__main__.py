"""The command line: `python -m training train`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from .cards import ACCEPT, CHURN
from .catalog import Catalog, load_catalog
from .contacts import read_contacts
from .export import Exported, export_lifetime, export_propensity, write
from .observations import Observations, simulated
from .sample_bank import check_simulates
from .train_accept import train_accept
from .train_churn import simulated_leavings, train_churn
from .train_lifetime import train_lifetime

ROOT = Path(__file__).resolve().parent.parent
MODELS = ("accept", "lifetime", "churn")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except ValueError as error:
        return _fail(str(error))
    return 0


def _fail(message: str) -> int:
    print(f"python -m training: {message}", file=sys.stderr)
    return 1


def _run(options: argparse.Namespace) -> None:
    catalog = load_catalog(options.catalog)
    tell = _teller()

    def accept() -> Exported:
        return export_propensity(ACCEPT, train_accept(catalog, _observed(options, catalog, tell), options.seed, tell), options.seed, options.date)

    def lifetime() -> Exported:
        return export_lifetime(train_lifetime(catalog, options.rows, options.seed, tell), options.seed, options.date)

    def churn() -> Exported:
        tell(f"Simulating {options.rows:,} customers and who leaves")
        observed = simulated_leavings(catalog, options.rows, options.seed)
        return export_propensity(CHURN, train_churn(catalog, observed, options.seed, tell), options.seed, options.date)

    names = options.models or MODELS
    if options.contacts is not None and "accept" not in names:
        raise ValueError(f"Contacts are for the model accept, not for {' or '.join(names)}")
    if options.contacts is None or any(name != "accept" for name in names):
        check_simulates(catalog)
    out, examples = _folders(options)
    trained = {"accept": accept, "lifetime": lifetime, "churn": churn}
    for name in names:
        tell(f"Model {name}")
        for path in write(trained[name](), catalog, out, examples, options.seed):
            tell(f"Wrote {path} ({path.stat().st_size / 1000:,.0f} kB)")
    tell("Done")


def _folders(options: argparse.Namespace) -> tuple[Path, Path | None]:
    """For the models and the examples. The service's tests read examples, so there are some by default in this repository only."""
    here = options.catalog.resolve() == ROOT
    return options.out or options.catalog / "models", options.examples or (ROOT / "test" / "models" if here else None)


def _observed(options: argparse.Namespace, catalog: Catalog, tell: Callable[[str], None]) -> Observations:
    if options.contacts is not None:
        tell(f"Reading {options.contacts}")
        return read_contacts(options.contacts, catalog)
    tell(f"Simulating {options.rows:,} contacts")
    return simulated(catalog, "accept", options.rows, options.seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training", description="Trains the sample catalog's models. Start with: python -m training train"
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    train = commands.add_parser("train", help="simulate contacts, train the models, write them to models/")
    train.add_argument("models", nargs="*", metavar="model", type=_model, help=f"{', '.join(MODELS)}; all where none is named")
    train.add_argument("--seed", type=_seed, default=2026, help="the same seed gives the same models (%(default)s)")
    train.add_argument("--rows", type=_rows, default=400_000, help="contacts to simulate, at least 2,000 (%(default)s)")
    train.add_argument("--catalog", type=Path, default=ROOT, help="folder with schema.yaml and offers/ (the repository)")
    train.add_argument("--out", type=Path, help="folder for the models (models/ of the catalog)")
    train.add_argument("--examples", type=Path, help="folder for the example requests (test/models/; of another catalog none are written without it)")
    train.add_argument("--contacts", type=Path, metavar="CSV", help="train accept on these contacts in place of simulated ones (training/README.md)")
    train.add_argument("--date", type=_date, default=date.today(), help="the date on the model cards (today)")
    return parser


def _model(text: str) -> str:
    if text not in MODELS:
        raise argparse.ArgumentTypeError(f"no model {text!r}; there are {', '.join(MODELS)}")
    return text


def _rows(text: str) -> int:
    rows = int(text) if text.isdecimal() else 0
    if rows < 2_000:
        raise argparse.ArgumentTypeError("at least 2,000 rows: with fewer some offers would have no contact at all")
    return rows


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a whole number, 0 or more, not {text!r}")
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a date as 2026-11-23, not {text!r}") from None


def _teller() -> Callable[[str], None]:
    started = time.monotonic()

    def tell(message: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {message}", file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    sys.exit(main())
