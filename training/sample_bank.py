"""What a catalog must declare so that the sample bank's customers can be simulated for it."""

from __future__ import annotations

from .catalog import Catalog

# What the people have, the laws read and the sample's columns name; of CHOSEN by an enum.
KNOWN = (
    *(f"customer.{name}" for name in (
        "age", "incomeYearly", "balance", "savingsMonthly", "productCount", "digitalActivity", "loginsLast30Days", "openClaims",
        "openComplaints", "missedPayments", "carOwner", "children", "memberSince", "mortgageRenewal", "cancellationDate",
    )),
    *(f"context.{name}" for name in ("reason", "page", "waitSeconds", "amount")),
    *(f"offer.{name}" for name in ("product", "category", "requires", "risk", "effort", "priceLevel")),
)
CHOSEN = ("customer.household", "customer.housing", "customer.segment", "customer.region", "context.mood")


def check_simulates(catalog: Catalog) -> None:
    """The population is the sample bank's. Raises ValueError where the catalog does not have its attributes."""
    declared = catalog.declared()
    missing = [path for path in (*KNOWN, *CHOSEN) if path not in declared]
    missing += [f"{path} (with an enum)" for path in CHOSEN if path in declared and "enum" not in declared[path]]
    if not isinstance(catalog.derived.get("phase"), list):
        missing.append("customer.phase (derived)")
    if missing:
        shown = ", ".join(missing[:6]) + (f" and {len(missing) - 6} more" if len(missing) > 6 else "")
        raise ValueError(
            f"The simulated customers are the sample bank's, and this catalog does not declare {shown}: "
            "train on contacts of your own, `python -m training train accept --contacts contacts.csv` (training/README.md)"
        )
