"""Writes MODEL_CARD.md: what a model was made of, how good it is, and what it is not for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .measures import Quality
from .propensity import PropensityModel, Report
from .train_lifetime import LifetimeModel

SIMULATED = """## Data
Simulated: no real customer is in it. `training/population.py` draws customers whose attributes hang together
(age, income, household, housing, wealth, products, behaviour) and contacts of the twelve months to 2026-09-30 in every
channel. {law}
Then each attribute is hidden in 7% of the rows, and everything about the customer in 5% (visitors), so that the model
learns what its defaults stand for. Offers and their attributes are the catalog's own."""

OBSERVED = """## Data
Contacts of {source}, in order of time: fitted on the earliest, the figures are of the latest."""

LIMITS = """## Not for
{origin}
- Credit, insurance or pricing decisions, or whether somebody may have a product at all: that is for rules and for
  underwriting. {purpose}
- Customers who are vulnerable or have died: rules keep offers from them. Neither fact is an input, and none must be added."""


INVENTED = "- Decisions about real people: the data is invented. For your own customers train on your own contacts (`training/README.md`)."
OBSERVED_USE = """Where the service does not know an attribute the column's default stands in. It reads what its columns in `model.yaml`
name, which is what the contacts told: look at who gets which offers before you rely on it. A new offer is scored with the
usual appeal of all offers, until the model is trained again."""
ELSEWHERE = "- Customers and channels that the contacts are not of. What was never offered to somebody was never learned."


@dataclass(frozen=True)
class Words:
    """What differs between the cards of two models of yes or no."""

    title: str
    purpose: str
    rows: str               # what is counted: "contacts"
    yes: str                # "accepted"
    law: str                # where the simulated truth stands
    use: str
    not_for: str


ACCEPT = Words(
    title="accept", rows="contacts", yes="accepted", law="acceptance.py",
    purpose="The probability that this customer accepts this offer, in this channel, now. Output\n`propensity`, for every offer that names the model.",
    use="""Where the service does not know an attribute the column's default stands in; for a visitor the score rests on offer,
channel and context. It ranks offers for one customer. Region and age are inputs, sex and origin are not; look at who
gets which offers before you rely on it. A new offer is scored by its attributes, with the usual appeal of all offers,
until the model is trained again.""",
    not_for="A likely yes is no reason to lend.",
)
CHURN = Words(
    title="churn", rows="customers", yes="left", law="train_churn.py",
    purpose="The probability that this customer leaves within a year. Output `propensity`;\n`schema.yaml` makes it the attribute `customer.churnRisk`.",
    use="""It reads the customer only and costs one row a decision. For strategies and triggers that keep customers, and for the
order in which to call them. A visitor gets the risk of a customer of whom nothing is known: ask `has(customer.memberSince)`
where that matters.""",
    not_for="A high risk is no reason for worse terms, nor loyalty for a higher price.",
)


def propensity_card(words: Words, model: PropensityModel, seed: int, made: date, size_bytes: int) -> str:
    report = model.report
    calibrated = "isotonic, in model.yaml" if model.calibration is not None else "none needed: it did not pay on held-out rows"
    table = "\n".join(f"| {place} | {' | '.join(f'{share:.4f}' for share in group)} |" for place, group in enumerate(report.deciles, start=1))
    truth_known = len(report.deciles[0]) == 3
    columns = ["group", "predicted", words.yes, "true probability"][: 1 + len(report.deciles[0])]
    law = f"Each has a known true probability (`training/{words.law}`), which the model never sees."
    data = SIMULATED.format(law=law) if truth_known else OBSERVED.format(source=report.source)
    return f"""# Model card: {words.title}
{words.purpose}

| | |
|---|---|
| made | {made.isoformat()}, seed {seed}, {size_bytes / 1000:,.0f} kB |
| kind | {report.chosen}, {sum(len(feature.names) for feature in model.features)} columns |
| calibration | {calibrated} |
| {words.rows} | {report.rows:,}: 70% to fit, 15% to choose and calibrate, 15% for the figures below |
| {words.yes} | {report.base_rate:.1%} of the {words.rows} |

{data}

## How good it is
On {words.rows} that it has not seen.{" The true probabilities are known here: they are what can be reached at best." if truth_known else ""}

{_quality_table(report)}

Chosen on other held-out {words.rows}: {_choice(report)}.

### Calibration
Ten groups of equal size by predicted probability.

| {' | '.join(columns)} |
|{'---|' * len(columns)}
{table}

## Use
{words.use if truth_known else OBSERVED_USE}

{LIMITS.format(origin=INVENTED if truth_known else ELSEWHERE, purpose=words.not_for)}
"""


def lifetime_card(model: LifetimeModel, seed: int, made: date, size_bytes: int) -> str:
    fits = "\n".join(
        f"| {name} | {unit} | {fit.mean:,.1f} | {fit.mean_absolute_error:,.2f} "
        f"| {fit.r2_observed:.3f} | {fit.r2_observed_best:.3f} | {fit.r2_expected:.3f} |"
        for (name, fit), unit in zip(model.fits.items(), ("years", "SEK a year"))
    )
    law = "Each has the years that the offer is kept and its margin a year, with known\nexpected values (`training/lifetimes.py`)."
    return f"""# Model card: lifetime
What an accepted offer is worth over time: `years`, for how long this customer keeps it (20 at most), and `margin`, what
it yields a year, in the catalog's currency. Offers use them as `duration` and `margin`. Never below 0.

| | |
|---|---|
| made | {made.isoformat()}, seed {seed}, {size_bytes / 1000:,.0f} kB |
| kind | gradient boosting, one for each output, {sum(len(feature.names) for feature in model.features)} columns |
| accepted offers | {model.rows:,}: 85% to fit, 15% for the figures below |

{SIMULATED.format(law=law)}

## How good it is
On accepted offers that it has not seen. What one customer does is mostly chance, so R² on the outcome is low even for
the true expected values ("best"); R² on the expected values says how much of what can be known the model knows.

| output | unit | mean | mean error of the expected value | R² outcome | R² outcome, best | R² expected value |
|---|---|---|---|---|---|---|
{fits}

## Use
Both are expected values, for adding up and comparing, not forecasts for one person. Years are counted from today and
do not discount money. A margin of a category is a level for the kind of offer, not the price of one contract.

{LIMITS.format(origin=INVENTED, purpose="A short expected lifetime is no reason to treat somebody worse.")}
"""


def _quality_table(report: Report) -> str:
    lines = ["| | AUC | log-loss | Brier |", "|---|---|---|---|"]
    order = sorted(report.test.items(), key=lambda item: item[1].log_loss)
    return "\n".join(lines + [f"| {name} | {_figures(quality, ' | ')} |" for name, quality in order])


def _choice(report: Report) -> str:
    return "; ".join(f"{name}, log-loss {quality.log_loss:.4f}, AUC {quality.auc:.4f}" for name, quality in report.candidates.items())


def _figures(quality: Quality, between: str) -> str:
    return between.join(f"{figure:.4f}" for figure in (quality.auc, quality.log_loss, quality.brier))
