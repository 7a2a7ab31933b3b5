"""What tickets are about."""

from __future__ import annotations

TOPICS: dict[str, tuple[tuple[str, str], ...]] = {
    "ingestion": (
        ("Sync stuck at 0 rows", "Our nightly sync has been running for two hours without loading a row."),
        ("Connector asks to sign in again", "The connector lost its permission overnight. What changed?"),
        ("Re: duplicates after re-sync, again", "We see the same order twice since the full re-sync."),
    ),
    "transformation": (
        ('Model run fails with "out of memory"', "The large model fails since the weekend; logs are attached."),
        ("Run takes three times as long", "Yesterday's run took 40 minutes instead of 13."),
    ),
    "analytics": (
        ("Dashboard shows yesterday's numbers", "The tile says it is fresh, but the numbers are a day old."),
        ("Query times out, workspace «Finance»", "A query that used to take seconds now times out."),
        ("Export to CSV cuts off at 10,000 rows", "How can we get the rest?"),
    ),
    "alerting": (("Alert fired twice", "We were paged twice for the same rule; is that expected?"),),
    "machine_learning": (("Training job queued for hours", "No GPU seems to be free since this morning."),),
    "data_sharing": (("Partner cannot see our share", "They accepted the invitation but the list is empty."),),
    "billing": (
        ("Question about our invoice", "Why is the overage higher than last month?"),
        ("Please add our VAT number", "Our accountants need it on the invoice."),
    ),
    "account": (
        ("How do we set up single sign-on?", "We use a provider that is not in your list."),
        ("Zugriff für neue Kollegen 日本語", "Two colleagues did not get\ntheir invitation, see below."),
    ),
}
TYPES = ("question", "incident", "problem", "task", None)
CHANNELS = ("email", "web", "api", "chat")
TIME_ZONES = ("America/New_York", "America/Los_Angeles", "Europe/Berlin", "Europe/London", "Asia/Tokyo", "Etc/UTC")
