"""A catalog is read as the service reads it, and what cannot be read is named."""

import pytest

from training.catalog import load_catalog

SCHEMA = "currency: EUR\ntimeZone: UTC\nchannels: [web]\n"
OFFER = "- { id: a, kind: loyalty, value: { margin: 20 }, propensity: 0.3 }\n"
ASKS = "- { id: b, kind: cross-sell, attributes: { risk: 1 }, value: { margin: { model: worth, output: m, prior: 1 } }, propensity: { model: accept, prior: 0.1 } }\n"


@pytest.fixture
def folder(tmp_path):
    def write(files):
        for name, text in {"schema.yaml": SCHEMA, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path
    return write


def test_offers_with_and_without_a_model(folder):
    plain, asks = load_catalog(folder({"offers/all.yaml": ASKS + OFFER})).offers
    assert (plain.id, plain.prior, plain.models, plain.attributes) == ("a", 0.3, frozenset(), {})
    assert (asks.id, asks.prior, asks.models, asks.attributes) == ("b", 0.1, {"accept", "worth"}, {"risk": 1})


def test_all_files_of_offers_that_the_service_reads(folder):
    files = {"offers/b.yml": ASKS, "offers/loyal/a.yaml": OFFER, "offers/.draft.yaml": "[", "offers/notes.txt": "[", "offers/empty.yaml": "# none\n"}
    assert [offer.id for offer in load_catalog(folder(files)).offers] == ["a", "b"]


def test_texts_are_texts_to_the_service(folder):
    """YAML 1.2: not the truth values and dates that PyYAML makes of them by itself."""
    schema = SCHEMA + "customer: { type: object, properties: { plan: { type: string, enum: [no, on, 2027-03-01, 1_000] } } }\n"
    catalog = load_catalog(folder({"schema.yaml": schema + "derived: { size: [{ is: 1e3, when: true }, { is: 0x10 }] }\n", "offers/a.yaml": OFFER}))
    assert catalog.categories("customer.plan") == ("no", "on", "2027-03-01", "1_000")
    assert catalog.categories("customer.size") == (1000, 16)


def test_attributes_that_are_references_or_may_be_null(folder):
    schema = SCHEMA + """
context:
  type: object
  $defs: { level: { type: integer, minimum: 1 }, tier: { $ref: '#/$defs/level' } }
  properties:
    tier: { $ref: '#/$defs/tier' }
    plan: { enum: [basic, null] }
    age: { type: [number, 'null'] }
    place: { type: object }
    either: { type: [string, number] }
"""
    declared = load_catalog(folder({"schema.yaml": schema, "offers/a.yaml": OFFER})).declared()
    assert declared == {
        "context.tier": {"type": "integer", "minimum": 1}, "context.plan": {"type": "string", "enum": ["basic"]}, "context.age": {"type": "number"},
    }


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "No offers in "),
        ({"offers/a.yaml": OFFER + "- { id: c"}, r"a.yaml:2: .*npx nbo validate"),
        ({"offers/a.yaml": "offers: []\n"}, "a.yaml: must be a list of offers"),
        ({"offers/a.yaml": OFFER + "- { id: c, kind: loyalty, value: { margin: 1 } }\n"}, "a.yaml: offer 2 of the file is not whole"),
        ({"schema.yaml": "currency: EUR\n", "offers/a.yaml": OFFER}, "schema.yaml: no timeZone and no channels"),
        ({"schema.yaml": "", "offers/a.yaml": OFFER}, "schema.yaml: no timeZone and no channels"),
    ],
)
def test_what_cannot_be_read_is_named(folder, files, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        load_catalog(folder(files))
