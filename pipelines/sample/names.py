"""Word lists: companies, people, places and the picklists of the sample company's customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.sample.draws import pick


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_STEMS = _words(
    """
    Alder Amber Anchor Apex Arbor Argent Aspen Atlas Aurora Azure Banner Basalt Beacon Birch Blue Bolt Boreal
    Breeze Bright Canyon Cardinal Cedar Cinder Citrus Clear Cobalt Comet Compass Copper Coral Crest Crimson
    Delta Drift Dune Eagle Echo Elm Ember Falcon Fern Field Flint Forge Fox Frost Gale Garnet Glacier Golden
    Granite Grove Harbor Hawk Hazel Helio Heron High Hollow Indigo Iron Ivory Jade Juniper Kestrel Kite Lake
    Lark Laurel Lime Linden Lumen Lunar Maple Marble Meridian Mint Mosaic Nimbus North Oak Onyx Opal Orbit
    Otter Pacific Peak Pine Polar Prairie Quartz Quill Raven Red Ridge River Rowan Ruby Saffron Sage Sequoia
    Silver Solar South Sparrow Spruce Sterling Stone Summit Swift Tandem Teal Thistle Tidal Timber Topaz
    Trellis Umber Vale Velvet Vertex Violet Vista Walnut Wave West Willow Zephyr
    """
)
_FIELDS = _words(
    """
    Analytics Appliances Bank Biotech Capital Care Clinics Cloud Commerce Components Courier Dental Design
    Diagnostics Digital Dynamics Education Electric Energy Finance Foods Freight Games Genomics Goods Health
    Holdings Homes Hotels Imaging Insurance Interactive Instruments Kitchens Labs Learning Legal Lending
    Lighting Logistics Marine Markets Materials Media Medical Metals Mobility Motors Music Networks Optics
    Outdoor Packaging Partners Payments Pharma Plastics Power Press Properties Rail Realty Recruiting Research
    Retail Robotics Security Semiconductors Shipping Software Sports Steel Studios Supply Systems Telecom
    Textiles Toys Travel Ventures Water Wellness Works
    """
)

# Names that break naive readers: quotes, commas, line breaks, other scripts. Each has a domain of its own.
AWKWARD: tuple[tuple[str, str, str], ...] = (
    ("株式会社みどりデータ", "midori-data.co.jp", "JP"),
    ("Müller & Söhne, GmbH", "mueller-soehne.de", "DE"),
    ("Société Générale d'Étude", "sg-etude.fr", "FR"),
    ('Bob\'s "Big Data", Inc.', "bobsbigdata.com", "US"),
    ("Łódź Łącza", "lodz-lacza.eu", "DE"),
    ("Dr. O'Brien, Sons\nand Daughters", "obriensons.co.uk", "GB"),
    ("Ñandú Logística, S.L.", "nandu-logistica.es", "ES"),
    ("北星システム", "hokusei-systems.jp", "JP"),
    ("Ægir; Nord", "aegir-nord.com", "NL"),
    ("L\u2019Atelier du Lac, Ltd", "atelierdulac.ca", "CA"),
)


@dataclass(frozen=True, slots=True)
class Country:
    """Where a customer sits, and what follows from it."""

    code: str
    name: str
    currency: str
    utc_offset: int  # hours, roughly where its offices are
    weight: float
    domain: str
    forms: tuple[str, ...]  # legal forms


COUNTRIES: tuple[Country, ...] = (
    Country("US", "United States", "usd", -6, 0.55, "com", ("Inc.", "LLC", "Corp.", "")),
    Country("CA", "Canada", "usd", -5, 0.07, "ca", ("Ltd.", "Inc.", "")),
    Country("AU", "Australia", "usd", 10, 0.05, "com.au", ("Pty Ltd", "")),
    Country("IN", "India", "usd", 5, 0.03, "in", ("Pvt. Ltd.", "")),
    Country("DE", "Germany", "eur", 1, 0.06, "de", ("GmbH", "AG", "SE")),
    Country("FR", "France", "eur", 1, 0.04, "fr", ("SA", "SAS")),
    Country("NL", "Netherlands", "eur", 1, 0.03, "nl", ("B.V.", "N.V.")),
    Country("ES", "Spain", "eur", 1, 0.02, "es", ("S.L.", "S.A.")),
    Country("GB", "United Kingdom", "gbp", 0, 0.10, "co.uk", ("Ltd", "plc", "")),
    Country("JP", "Japan", "jpy", 9, 0.05, "co.jp", ("K.K.", "Co., Ltd.")),
)
BY_CODE = {country.code: country for country in COUNTRIES}

# Units of each currency for one US dollar: what turns list prices in dollars into a contract's currency.
PER_USD = {"usd": 1.0, "eur": 0.92, "gbp": 0.79, "jpy": 150.0}
ZERO_DECIMAL = frozenset({"jpy"})

US_STATES = ("CA", "NY", "TX", "WA", "MA", "IL", "CO", "GA", "FL", "NC", "OH", "PA", "OR", "UT", "MN")

INDUSTRIES = (
    "Technology", "Retail", "Banking", "Healthcare", "Manufacturing", "Media", "Transportation", "Education",
    "Energy", "Insurance", "Telecommunications", "Hospitality", "Biotechnology", "Consulting",
)  # fmt: skip

_GIVEN = _words(
    """
    Aaliyah Adam Aisha Akira Alejandro Alice Amara Anders Andrea Anika Anna Arjun Astrid Ben Bianca Björn
    Camille Carlos Chen Chloé Clara Daniel Daria David Diego Elena Eli Emily Emma Erik Esra Ewa Fatima Felix
    Fiona François Freya Gabriel George Grace Greta Hana Hannah Haruto Helen Hugo Ian Ingrid Isaac Isabel Ivan
    Jack James Jan Jasmine Javier Jing Johan José Julia Karim Kavya Keiko Kenji Lars Laura Leila Leo Liam Lina
    Lucas Lucía Malik Marco Maria Mateo Maya Mei Mia Michael Mina Mohammed Nadia Naomi Nia Nils Noah Nora
    Oliver Omar Oscar Paula Pedro Petra Priya Rachel Rahul Ravi Renée Rosa Ryan Saga Sam Sana Santiago Sara
    Sean Selma Sofia Søren Stella Tariq Thea Theo Thomas Tomás Uma Vera Victor Wei William Xavier Yara Yuki
    Yusuf Zoe
    """
)
_FAMILY = _words(
    """
    Abe Ahmed Almeida Andersen Baker Banerjee Becker Bennett Berg Bianchi Brown Campbell Carter Castro Chen
    Clark Cohen Collins Cooper Costa Cruz Davies Diaz Dubois Edwards Evans Fernández Fischer Fontaine Foster
    Garcia Gomez González Gray Green Gupta Haddad Hall Hansen Harris Hayashi Hernández Hoffmann Hughes Hussain
    Ito Jackson Jansen Jensen Johnson Jones Kapoor Kato Keller Khan Kim Klein Kowalski Kumar Lambert Larsen
    Laurent Lee Lewis Li Lindberg López Martin Martínez Mehta Meyer Miller Moore Morales Moreau Murphy
    Nakamura Nguyen Nielsen Novák O'Connor O'Neill Okafor Olsen Park Patel Pereira Petrov Phillips Popescu
    Ramos Reed Reyes Richter Rivera Robinson Rossi Roux Russo Sánchez Sato Schmidt Schneider Scott Sharma
    Silva Singh Smith Suzuki Tanaka Taylor Thompson Torres Turner Van-Dijk Walker Wang Watanabe Weber White
    Williams Wilson Wójcik Wood Wright Yamamoto Yang Young Zhang Zimmermann
    """
)

_FOLDED = str.maketrans("éèçáàóòôíìúüöøåäñßłÉŁÖ", "eecaaoooiiuuooaansleLo")

TITLES: tuple[tuple[str, float], ...] = (
    ("Data Engineer", 0.22),
    ("Data Analyst", 0.22),
    ("Analytics Engineer", 0.14),
    ("Business Analyst", 0.12),
    ("Data Scientist", 0.08),
    ("Software Engineer", 0.08),
    ("Product Manager", 0.06),
    ("BI Developer", 0.05),
    ("Finance Manager", 0.03),
)
CHAMPION_TITLES = ("Head of Data", "Director of Analytics", "VP Data", "Data Platform Lead", "CTO")
WORKSPACES = (
    "Core", "Analytics", "Finance", "Growth", "Marketing", "Operations", "Data Science", "Platform", "Sales Ops",
    "Product", "Risk", "Supply Chain", "Customer Care", "People",
)  # fmt: skip
FREE_MAIL = ("gmail.com", "outlook.com", "yahoo.com", "proton.me")


def company(serial: int, country: Country, rng: np.random.Generator) -> tuple[str, str]:
    """Name and domain of the `serial`-th company; different serials give different domains."""
    pairs = len(_STEMS) * len(_FIELDS)
    at = (serial * 6_947 + 1_201) % pairs  # 6,947 is prime and divides neither list's length
    stem, trade = _STEMS[at // len(_FIELDS)], _FIELDS[at % len(_FIELDS)]
    round_ = serial // pairs
    base = f"{stem} {trade}" if not round_ else f"{stem} {trade} {round_ + 1}"
    form = pick(rng, country.forms)
    return f"{base} {form}".strip(), f"{base.lower().replace(' ', '')}.{country.domain}"


def person(rng: np.random.Generator) -> str:
    """A person's full name."""
    return f"{pick(rng, _GIVEN)} {pick(rng, _FAMILY)}"


def mailbox(name: str) -> str:
    """The local part of an e-mail address for a person's name."""
    folded = name.lower().translate(_FOLDED).replace(" ", ".").replace("'", "")
    return "".join(char for char in folded if char.isascii())


def typed_website(domain: str, rng: np.random.Generator) -> str:
    """The company's address in one of the forms in which people type it."""
    forms = (
        f"https://www.{domain}/", f"http://{domain}", domain, domain.upper(), f"www.{domain}",
        f"https://{domain}/en", f"{domain}/en/home?utm_source=crm", f"HTTPS://WWW.{domain.upper()}", f" {domain} ",
    )  # fmt: skip
    return pick(rng, forms, (0.3, 0.1, 0.2, 0.05, 0.15, 0.1, 0.04, 0.03, 0.03))
