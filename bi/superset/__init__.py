"""Apache Superset: a dashboard as files, and the test that a real Superset answers as the marts do."""
