"""Zendesk's JSON shapes for organizations, users, tickets, their metrics and ratings."""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.sample.support_state import Rating, Requester, Ticket

JsonObject = dict[str, object]
GROUP_ID, ESCALATION_GROUP_ID = 360_002_200_201, 360_002_200_202
BRAND_ID, FORM_ID = 360_003_300_301, 360_003_300_302
_AREA_FIELD_ID = 360_003_300_401
_BASE = "https://lakeworks.zendesk.com/api/v2"
_METRICS_OFFSET = 400_000_000_000


def timestamp(epoch: int) -> str:
    """A UTC time as Zendesk writes it."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(epoch: int | None) -> str | None:
    return None if epoch is None else timestamp(epoch)


def organization_object(
    organization_id: int,
    name: str,
    external_id: str | None,
    domains: list[str],
    plan: str,
    created: int,
    updated: int,
    deleted: int | None,
) -> JsonObject:
    """An organization; a deleted one keeps its fields."""
    return {
        "id": organization_id,
        "url": f"{_BASE}/organizations/{organization_id}.json",
        "external_id": external_id,
        "name": name,
        "domain_names": domains,
        "group_id": None,
        "organization_fields": {"plan": plan},
        "tags": [plan],
        "shared_tickets": False,
        "shared_comments": False,
        "details": None,
        "notes": None,
        "created_at": timestamp(created),
        "updated_at": timestamp(updated),
        "deleted_at": _time(deleted),
    }


def user_object(user: Requester, updated: int, last_login: int | None, is_active: bool = True) -> JsonObject:
    """An end user."""
    return _user(
        user.id,
        user.name,
        user.email,
        "end-user",
        user.created,
        updated,
        is_active,
        user.organization_id,
        user.external_id,
        user.time_zone,
        last_login,
        not user.is_mailbox,
    )


def agent_object(
    user_id: int, name: str, email: str, role: str, created: int, updated: int, is_active: bool
) -> JsonObject:
    """An agent or an admin."""
    return _user(user_id, name, email, role, created, updated, is_active, None, None, "Etc/UTC", updated, True)


def _user(
    user_id: int,
    name: str,
    email: str,
    role: str,
    created: int,
    updated: int,
    is_active: bool,
    organization_id: int | None,
    external_id: str | None,
    time_zone: str,
    last_login: int | None,
    is_verified: bool,
) -> JsonObject:
    return {
        "id": user_id,
        "url": f"{_BASE}/users/{user_id}.json",
        "name": name,
        "email": email,
        "created_at": timestamp(created),
        "updated_at": timestamp(updated),
        "time_zone": time_zone,
        "iana_time_zone": time_zone,
        "phone": None,
        "locale": "en-US",
        "organization_id": organization_id,
        "role": role,
        "verified": is_verified,
        "external_id": external_id,
        "tags": [],
        "alias": None,
        "active": is_active,
        "shared": False,
        "last_login_at": _time(last_login),
        "suspended": False,
        "user_fields": {},
    }


def ticket_object(ticket: Ticket) -> JsonObject:
    """A ticket at the end of a day."""
    plot = ticket.plot
    requester = plot.requester
    origin: JsonObject = {"from": {}, "to": {}, "rel": None}
    if plot.channel == "email":
        origin["from"] = {"address": requester.email, "name": requester.name}
        origin["to"] = {"address": "support@lakeworks.example", "name": "Lakeworks"}
    rating: JsonObject = {"score": "unoffered"}
    if ticket.rating is not None:
        rating = {"score": ticket.rating.score}
        if ticket.rating.score != "offered":
            rating.update(id=ticket.rating.id, comment=ticket.rating.comment, reason=ticket.rating.reason)
    area = [{"id": _AREA_FIELD_ID, "value": plot.tags[0] if plot.tags else None}]
    return {
        "id": plot.ticket_id,
        "url": f"{_BASE}/tickets/{plot.ticket_id}.json",
        "external_id": None,
        "via": {"channel": plot.channel, "source": origin},
        "created_at": timestamp(plot.created),
        "updated_at": timestamp(ticket.updated),
        "generated_timestamp": ticket.generated,
        "type": plot.type,
        "subject": plot.subject,
        "raw_subject": plot.subject,
        "description": plot.description,
        "priority": ticket.priority,
        "status": ticket.status,
        "recipient": "support@lakeworks.example" if plot.channel == "email" else None,
        "requester_id": requester.id,
        "submitter_id": requester.id,
        "assignee_id": ticket.assignee_id,
        "organization_id": plot.organization_id,
        "group_id": ticket.group_id,
        "collaborator_ids": [],
        "follower_ids": [],
        "problem_id": None,
        "has_incidents": False,
        "is_public": True,
        "due_at": timestamp(plot.created + 3 * 86_400) if plot.type == "task" else None,
        "tags": ticket.tags,
        "custom_fields": area,
        "fields": area,
        "satisfaction_rating": rating,
        "ticket_form_id": FORM_ID,
        "brand_id": BRAND_ID,
        "allow_channelback": False,
        "allow_attachments": True,
    }


def _minutes(seconds: int | None) -> JsonObject:
    """Calendar minutes, cut off; support works around the clock, so business minutes are the same."""
    minutes = None if seconds is None else seconds // 60
    return {"calendar": minutes, "business": minutes}


def metrics_object(ticket: Ticket) -> JsonObject:
    """Zendesk's own metrics of a ticket; waiting times are filled in by the first solve."""
    plot, spent = ticket.plot, ticket.spent

    def since_creation(moment: int | None) -> JsonObject:
        return _minutes(None if moment is None else moment - plot.created)

    def waited(*statuses: str) -> JsonObject:
        total = sum(spent.get(status, 0) for status in statuses)
        return _minutes(total if ticket.first_solve is not None else None)

    key = _METRICS_OFFSET + plot.ticket_id
    return {
        "id": key,
        "url": f"{_BASE}/ticket_metrics/{key}.json",
        "ticket_id": plot.ticket_id,
        "created_at": timestamp(plot.created),
        "updated_at": timestamp(ticket.updated),
        "group_stations": 1,
        "assignee_stations": ticket.assignees,
        "reopens": ticket.reopens,
        "replies": ticket.replies,
        "assignee_updated_at": _time(ticket.agent_updated),
        "requester_updated_at": timestamp(ticket.requester_updated),
        "status_updated_at": timestamp(ticket.status_since),
        "initially_assigned_at": _time(ticket.first_assigned),
        "assigned_at": _time(ticket.assigned),
        "solved_at": _time(ticket.last_solve if ticket.is_solved else None),
        "latest_comment_added_at": timestamp(ticket.last_comment),
        "reply_time_in_minutes": since_creation(ticket.first_reply),
        "first_resolution_time_in_minutes": since_creation(ticket.first_solve),
        "full_resolution_time_in_minutes": since_creation(ticket.last_solve),
        "agent_wait_time_in_minutes": waited("pending"),
        "requester_wait_time_in_minutes": waited("new", "open", "hold"),
        "on_hold_time_in_minutes": _minutes(spent.get("hold", 0)),
    }


def rating_object(ticket: Ticket, rating: Rating) -> JsonObject:
    """A satisfaction rating."""
    return {
        "id": rating.id,
        "url": f"{_BASE}/satisfaction_ratings/{rating.id}.json",
        "ticket_id": ticket.plot.ticket_id,
        "requester_id": ticket.plot.requester.id,
        "assignee_id": ticket.assignee_id,
        "group_id": ticket.group_id,
        "score": rating.score,
        "reason": rating.reason,
        "comment": rating.comment,
        "created_at": timestamp(rating.created),
        "updated_at": timestamp(rating.updated),
    }
