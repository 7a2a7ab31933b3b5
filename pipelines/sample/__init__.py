"""The sample company: plausible exports of four systems, with planted life stories to test by."""
